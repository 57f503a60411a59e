-- May this token see this room? The application says so; the workers of this nginx remember it together.
--
-- An allow is kept with the moment it was asked for, and with how much longer it may be used while nobody answers
-- (the verdict's own stale-if-error). A refusal is never stale and lives elsewhere for a second: whoever makes tokens
-- up pushes out refusals, never a viewer. Evicted or forgotten by a restart: asked for again, nothing else.

local inner = require "inner"
local semaphore = require "ngx.semaphore"

local M = {}

local REFUSED = 1
-- After a question without an answer: for so long those who may go on do not ask, nor wait for an answer.
local SILENT = 1
-- To connect, and to be woken.
local PATIENCE = 1.5
-- What an edge asks is answered from a younger verdict: it keeps the answer itself.
local FOR_EDGE = 1

local allowed, refused = ngx.shared.verdicts, ngx.shared.refusals
local now, var = ngx.now, ngx.var
local settings
local asking, silent_until = {}, 0
-- What this worker itself has seen allowed of late, by token: { room, asked }. A token is long; a look-up in a shared
-- dictionary hashes and compares all of it, and locks out the other workers meanwhile.
local recent, older, turned = {}, {}, 0

-- Returns 200, 403 or nil: nobody answers.
local function ask(key, room, token)
  local asked = now()
  local path = "/_verdict?room=" .. room .. "&token=" .. token
  local status, headers = inner.get(settings.ask, path, settings.wait)
  if status == 403 then
    allowed:delete(key)
    refused:set(key, 1, REFUSED)
    return 403
  end
  if status ~= 200 then
    silent_until = now() + SILENT
    return nil
  end
  local stale = tonumber((headers["cache-control"] or ""):match("stale%-if%-error=(%d+)")) or 0
  allowed:set(key, asked, settings.seconds + stale, stale)
  return 200
end

local function remember(room, token, asked)
  if now() - turned >= settings.seconds then
    recent, older, turned = {}, recent, now()
  end
  recent[token] = { room, asked }
end

-- One request of this worker asks, the others of the same token take its answer.
local function ask_once(key, room, token)
  local question = asking[key]
  while question do
    question.waiting = question.waiting + 1
    if question.answered:wait(settings.wait + PATIENCE) then
      return question.status
    end
    -- Its asker is gone without a word: nginx ends a request and its Lua with it.
    if asking[key] == question then
      asking[key] = nil
    end
    question = asking[key]
  end
  question = { answered = semaphore.new(), waiting = 0 }
  asking[key] = question
  question.status = ask(key, room, token)
  if asking[key] == question then
    asking[key] = nil
  end
  if question.waiting > 0 then
    question.answered:post(question.waiting)
  end
  return question.status
end

-- Returns 200 and the seconds for which this holds while nobody answers, or 403, or nil: nobody knows.
local function verdict(room, token, seconds)
  local key = room .. token
  local asked, stale = allowed:get(key)
  local age = asked and now() - asked
  -- A clock that was set back must not make verdicts young again.
  if age and age >= 0 and age < seconds then
    remember(room, token, asked)
    return 200, seconds + (stale or 0) - age
  end
  if not asked and refused:get(key) then
    return 403
  end
  local last = asked and asked + seconds + (stale or 0) or 0
  if now() < silent_until and now() < last then
    return 200, last - now()
  end
  local status = ask_once(key, room, token)
  if status == 200 then
    return 200, seconds + (select(2, allowed:get(key)) or 0)
  end
  if not status and now() < last then
    return 200, last - now()
  end
  return status
end

-- Ends the request unless its $token may see its $room.
function M.check()
  local room, token = var.room, var.token
  local seen = recent[token] or older[token]
  if seen and seen[1] == room then
    local age = now() - seen[2]
    if age >= 0 and age < settings.seconds then
      return
    end
  end
  -- An edge of ours asks for each of its viewers.
  if token == settings.edge then
    var.for_edge = "1"
    return
  end
  local status = verdict(room, token, settings.seconds)
  if status ~= 200 then
    return ngx.exit(status or 503)
  end
end

-- Answers an edge that asks for one of its viewers.
function M.answer()
  local room, token = var.arg_room or "", var.arg_token or ""
  if #token < 20 or #token > 600 or token:find("[^%w_.-]") or not room:find("^room%-%w+$") then
    return ngx.exit(403)
  end
  local status, left = verdict(room, token, FOR_EDGE)
  if status == 200 then
    ngx.header["Cache-Control"] = "stale-if-error=" .. math.floor(left)
  end
  ngx.header["Content-Length"] = 0
  ngx.status = status or 503
  return ngx.exit(ngx.OK)
end

-- `seconds`: how long an allow is believed; `ask`: who says so (see inner.lua), within `wait` seconds; `edge`: the token of
-- our edges.
function M.start(given)
  settings = given
end

return M
