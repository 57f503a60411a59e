"""What the camera page says when something is in the way: for each trouble a section with its cure, and a way on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """`name` is what static/js/camera/devices.js calls it; `again` the button that tries once more."""

    name: str
    title: str
    words: str
    steps: tuple[str, ...] = ()
    again: str = "Check again"
    encoder: bool = True


CHECKS = (
    ("picture", "camera", "Picture"),
    ("light", "light", "Light"),
    ("sound", "mic", "Sound"),
    ("upload", "signal", "Upload"),
    ("codec", "gear", "Format"),
)

HELPS = (
    Help(
        name="denied",
        title="Your browser does not let us see you",
        words="The camera or the microphone is blocked for this site. Allow both, then check again.",
        steps=(
            "Chrome, Edge: press the sign to the left of the address, then turn Camera and Microphone on.",
            "Safari on iPhone and iPad: press the sign in the address bar, then Website Settings, and allow both.",
            "Safari on a Mac: in the menu Safari choose Settings for this Website, and allow both.",
            "Firefox: press the crossed-out camera beside the address and remove the block.",
            "Still blocked? Open your device's own settings, Privacy, and let the browser use camera and microphone.",
        ),
    ),
    Help(
        name="no-camera",
        title="We found no camera",
        words="This device has no camera, or none that the browser may use.",
        steps=(
            "Plug a camera in, or push its cable in again.",
            "On a laptop look for a slide over the lens or a key with a camera on it.",
            "No camera here? Open this page on your phone: you find the class there under Studio.",
        ),
    ),
    Help(
        name="no-microphone",
        title="We found no microphone",
        words="This device has no microphone, or none that the browser may use.",
        steps=(
            "Plug a microphone or a headset in, or connect it by Bluetooth.",
            "On a laptop look for a key with a crossed-out microphone.",
            "No microphone here? Open this page on your phone: you find the class there under Studio.",
        ),
    ),
    Help(
        name="taken",
        title="Another app holds your camera or microphone",
        words="Only one app can have it at a time.",
        steps=(
            "Close video calls, OBS and other tabs that show your picture.",
            "End the phone call, or wait for its end.",
            "Nothing open? Unplug the camera and plug it in again, or restart the device.",
        ),
    ),
    Help(
        name="insecure",
        title="This address is not secure",
        words="Browsers give camera and microphone to pages with https only.",
        steps=(
            "Open the same page with https:// at the beginning of its address.",
            "It does not open? Tell whoever runs this site that it needs a certificate.",
        ),
        again="Open with https",
    ),
    Help(
        name="unsupported",
        title="This browser cannot go live",
        words="It has no access to cameras, or no WebRTC.",
        steps=(
            "Open this page in a current Chrome, Edge, Firefox or Safari.",
            "Inside another app? Choose Open in browser in its menu.",
        ),
        again="",
    ),
    Help(
        name="in-use",
        title="Another device is on air",
        words="It sends the picture of this class right now. You can go on from here instead: "
        "the other one stops, and your members stay.",
        again="Take over with this device",
        encoder=False,
    ),
    Help(
        name="replaced",
        title="You went on with another device",
        words="Your class is on air from there, or from another tab. This one has stopped sending.",
        again="Go on with this device",
        encoder=False,
    ),
    Help(
        name="refused",
        title="We could not connect you",
        words="Our server did not take your picture.",
        again="Try again",
    ),
    Help(
        name="over",
        title="The class is over",
        words="The picture has stopped for everybody. Thank you for teaching it.",
        again="",
        encoder=False,
    ),
)
