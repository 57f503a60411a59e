"""The short table at the end of a start: where it is, who may sign in, how to broadcast."""

import shlex

from deploy.local import clip, config

SHOWN = {
    "owner": "owner",
    "instructor": "instructor",
    "instructor2": "instructor, other club",
    "member": "member",
    "stranger": "in no club",
}


def table(stack: config.Stack) -> str:
    lines = ["", f"  Open       {stack.public_url}", f"  API        {stack.public_url}/api/docs"]
    if stack.tls and stack.tls.made_here:
        lines.append(f"             browsers warn until they trust {stack.tls.authority}")
    if stack.demo_json.exists():
        lines += _sign_ins(stack) + _broadcasting(stack)
    lines += ["", f"  Mail       {stack.state / 'mail'}", f"  Logs       {stack.log}", ""]
    return "\n".join(lines)


def _sign_ins(stack: config.Stack) -> list[str]:
    accounts = stack.demo().get("accounts", {})
    rows = [
        f"             {accounts[name]['email']:<28} {accounts[name]['password']:<20} {who}"
        for name, who in SHOWN.items()
        if name in accounts
    ]
    return ["", "  Sign in    e-mail                       password", *rows]


def _broadcasting(stack: config.Stack) -> list[str]:
    looped = shlex.quote(str(stack.demo_files / clip.NAME))
    return [
        "",
        "  Broadcast  sign in as the instructor, open the studio, show the key of a class, then in OBS:",
        f"             server {stack.rtmp_url}, stream key as shown; or without a camera:",
        f"             ffmpeg -re -stream_loop -1 -i {looped} -c copy -f flv \\",
        f"               {stack.rtmp_url}/<stream key>",
    ]
