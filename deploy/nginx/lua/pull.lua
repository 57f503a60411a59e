-- At an edge: of all who want the same from the origin at the same time, one asks; the others wait for its answer.
--
-- A playlist that is held at the origin is so held once for each worker of the edge, however many viewers wait for it.
-- The one who asks does so through a server of this nginx that only fills the cache, before anybody is let go:
-- a viewer on a slow line delays nobody. Then each is answered from the cache. No proxy_cache_lock: it polls.

local inner = require "inner"
local semaphore = require "ngx.semaphore"

local M = {}

-- Longer than the origin holds anybody, or is silent between two pieces.
local WAIT = 4
local PATIENCE = 6
-- What the cache is trusted to have still; it keeps for longer what is asked for.
local LONGEST = 60

local pulled = ngx.shared.pulled
local pulling, settings = {}, nil

-- Returns a status below 400 once the answer is in the cache, another one to refuse with, or nil: its asker is gone.
local function pull(key)
  local mine = { answered = semaphore.new(), waiting = 0 }
  pulling[key] = mine
  local status, headers = inner.get(settings.ask, "/pull/" .. key, WAIT)
  mine.status = status or 503
  if mine.status < 400 then
    local seconds = tonumber((headers["cache-control"] or ""):match("max%-age=(%d+)")) or 0
    if seconds > 0 then
      pulled:set(key, 1, math.min(seconds, LONGEST))
    end
  end
  if pulling[key] == mine then
    pulling[key] = nil
  end
  if mine.waiting > 0 then
    mine.answered:post(mine.waiting)
  end
  return mine.status
end

local function follow(key, other)
  other.waiting = other.waiting + 1
  if other.answered:wait(PATIENCE) then
    return other.status
  end
  -- nginx ended the asker's request and its Lua with it, or the origin is silent: the first to notice asks anew.
  if pulling[key] == other then
    pulling[key] = nil
  end
  return nil
end

-- Waits until what `key` names is in the cache, or ends the request with what the origin said.
function M.wait(key)
  if pulled:get(key) then
    return
  end
  local other = pulling[key]
  local status = other and follow(key, other) or nil
  if not status then
    other = pulling[key]
    status = other and follow(key, other) or not other and pull(key) or 503
  end
  if status >= 400 then
    return ngx.exit(status)
  end
end

-- `ask`: where /pull/<key> fills the cache, see inner.lua.
function M.start(given)
  settings = given
end

return M
