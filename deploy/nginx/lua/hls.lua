-- Holds players that ask for a playlist or a part which is not there yet (RFC 8216bis, blocking reload).
--
-- The packager PUTs every new media playlist with its version here; all nginx workers share them. A request that
-- wants more waits on a semaphore of its worker; a timer compares versions and releases. No dictionary entry
-- (a restart, a packager that cannot reach us): the file on disk says the same, only later.
--
-- A version is the segment that is being written times PARTS, plus its parts so far. It only grows.
--
-- A playlist comes in two pieces: with each part what a delta update (EXT-X-SKIP) answers, and once per segment the
-- past that stands in a full one where a delta update skips. Which past belongs to a page is its `past` name.

local bit = require "bit"
local semaphore = require "ngx.semaphore"

local M = {}

local PARTS = 4096
local TICK = 0.01
-- How often the file is looked at while nobody hands us playlists.
local LOOK = 0.1
-- RFC 8216bis: as many parts ahead as there are in three part targets of a second.
local PARTS_AHEAD = 15
-- The packager repeats itself every second: an entry that nobody renews is a class that stands still.
local KEPT = 4
-- The length of a past's name.
local NAME = 8

local pages = ngx.shared.hls_pages
local now, floor = ngx.now, math.floor
local settings
local waiting = {}
local held, held_by = 0, {}
local leaving = false

-- An ended class is beyond every version: nobody waits.
local function version_of(page)
  if page:find("#EXT-X-ENDLIST", 1, true) then
    return math.huge
  end
  local first = tonumber(page:match("#EXT%-X%-MEDIA%-SEQUENCE:(%d+)")) or 0
  local _, whole = page:gsub("#EXTINF:", "")
  local tail = page:match(".*#EXTINF:(.*)$") or page
  local _, parts = tail:gsub("#EXT%-X%-PART:", "")
  return (first + whole) * PARTS + parts
end

local function read(key)
  local file = io.open(settings.root .. "/" .. key .. "/playlist.m3u8", "rb")
  if not file then
    return nil
  end
  local page = file:read("*a")
  file:close()
  return page
end

local function version_now(key)
  local version = pages:get("v:" .. key)
  if version then
    return version
  end
  local page = read(key)
  return page and version_of(page)
end

-- The newest playlist, as a delta update where one was asked for and can be had. A full one is always an answer.
local function newest(key, skip)
  local kept, head = pages:get(key)
  if not kept then
    return read(key)
  end
  local past, page = kept:sub(1, NAME), kept:sub(NAME + 1)
  head = head or 0
  if skip or head == 0 then
    return page
  end
  local older = pages:get("p:" .. key)
  if older and older:sub(1, NAME) == past then
    return older:sub(NAME + 1) .. page:sub(head + 1)
  end
  return read(key)
end

local function release(group, version)
  for waiter in pairs(group.waiters) do
    if waiter.need <= version then
      group.waiters[waiter] = nil
      waiter.semaphore:post(1)
    end
  end
end

local function look(key, group, at)
  local version = pages:get("v:" .. key)
  if not version and at - group.looked >= LOOK then
    group.looked = at
    version = version_now(key)
  end
  if version and version > group.version then
    group.version = version
    release(group, version)
  end
end

local function tick(premature)
  if premature then
    -- This worker has been replaced: whoever waits gets what there is and asks its successor.
    leaving = true
    for _, group in pairs(waiting) do
      release(group, math.huge)
    end
    return
  end
  local at = now()
  for key, group in pairs(waiting) do
    if next(group.waiters) then
      look(key, group, at)
    else
      waiting[key] = nil
    end
  end
end

local function count(name, by)
  local sum = (held_by[name] or 0) + by
  held_by[name] = sum > 0 and sum or nil
end

-- Waits until the version is there, at most as long as settings say. Returns a status that refuses, or nil.
local function hold(key, need, version)
  if leaving then
    return nil
  end
  local token, address = "t" .. ngx.var.token, "a" .. ngx.var.binary_remote_addr
  if held >= settings.held_most then
    return 503
  end
  -- An edge of ours asks for all its viewers at once, from one address and with one token.
  local of_viewer = ngx.var.for_edge ~= "1"
  if
    of_viewer
    and (
      (held_by[token] or 0) >= settings.held_per_token or (held_by[address] or 0) >= settings.held_per_address
    )
  then
    return 429
  end
  local group = waiting[key] or { version = version, looked = now(), waiters = {} }
  waiting[key] = group
  -- Another worker may have taken a newer one since we looked: the next tick compares with what this one saw.
  group.version = math.min(group.version, version)
  local waiter = { need = need, semaphore = semaphore.new() }
  group.waiters[waiter] = true
  held = held + 1
  count(token, 1)
  count(address, 1)
  waiter.semaphore:wait(settings.hold_seconds)
  group.waiters[waiter] = nil
  held = held - 1
  count(token, -1)
  count(address, -1)
  return nil
end

local function whole(text)
  return text and #text <= 9 and text:find("^%d+$") and tonumber(text) or nil
end

-- What the query asks for: segment and part (-1: all of the segment), or nothing, or false for nonsense.
local function asked()
  local msn, part = ngx.var.arg__HLS_msn, ngx.var.arg__HLS_part
  if not msn and not part then
    return nil
  end
  local number, of = whole(msn), part and whole(part) or -1
  if not number or number > 10000000 or (part and not whole(part)) or of >= PARTS - 1 then
    return false
  end
  return number, of
end

-- Whether no honest player could ask for this now.
local function absurd(msn, part, version)
  local open, parts = floor(version / PARTS), version % PARTS
  if msn > open + 1 then
    return true
  end
  return (msn == open and part >= parts + PARTS_AHEAD) or (msn == open + 1 and part >= PARTS_AHEAD)
end

local function send(page)
  ngx.header["Content-Type"] = "application/vnd.apple.mpegurl"
  ngx.header["Content-Length"] = #page
  ngx.print(page)
end

function M.playlist()
  local key = ngx.var.room .. "/" .. ngx.var.rendition
  local msn, part = asked()
  if msn == false then
    return ngx.exit(400)
  end
  local version = version_now(key)
  if not version then
    return ngx.exit(404)
  end
  if msn and version < math.huge then
    local need = part >= 0 and msn * PARTS + part + 1 or (msn + 1) * PARTS
    if absurd(msn, part, version) then
      return ngx.exit(400)
    end
    local refused = version < need and hold(key, need, version)
    if refused then
      return ngx.exit(refused)
    end
  end
  local skip = ngx.var.arg__HLS_skip
  local page = newest(key, skip == "YES" or skip == "v2")
  if not page then
    return ngx.exit(404)
  end
  send(page)
end

-- Before the file is served: the part that the playlist hinted at is waited for.
function M.part()
  local key = ngx.var.room .. "/" .. ngx.var.rendition
  local msn, number = tonumber(ngx.var.msn), tonumber(ngx.var.number)
  local version = version_now(key)
  local need = msn * PARTS + number + 1
  if not version or version >= need then
    return
  end
  if msn ~= floor(version / PARTS) or number > version % PARTS then
    return
  end
  local refused = hold(key, need, version)
  if refused then
    return ngx.exit(refused)
  end
end

local function same(given, secret)
  if type(given) ~= "string" or #given ~= #secret then
    return false
  end
  local difference = 0
  for at = 1, #secret do
    difference = bit.bor(difference, bit.bxor(given:byte(at), secret:byte(at)))
  end
  return difference == 0
end

-- What the packager hands over. Refuses everybody else.
local function body()
  if not same(ngx.var.http_x_hook_secret, settings.secret) then
    return ngx.exit(403)
  end
  ngx.req.read_body()
  return ngx.req.get_body_data() or ngx.exit(400)
end

local function named(past)
  return past and #past == NAME and past:find("^%x+$") and past or nil
end

-- 202: taken, and its past is not known here.
function M.put()
  local page = body()
  local version, head = tonumber(ngx.var.http_x_version), whole(ngx.var.http_x_skip or "0")
  local past = named(ngx.var.http_x_past)
  if not version or version < 0 or version ~= floor(version) or not head or (head > 0) ~= (past ~= nil) then
    return ngx.exit(400)
  end
  local key = ngx.var.room .. "/" .. ngx.var.rendition
  local known = pages:get("v:" .. key)
  if known and version < known then
    return ngx.exit(409)
  end
  -- The page first: a version is never told of before its page can be had.
  if
    not pages:set(key, (past or ("-"):rep(NAME)) .. page, KEPT, head) or not pages:set("v:" .. key, version, KEPT)
  then
    pages:delete("v:" .. key)
    return ngx.exit(507)
  end
  ngx.status = past and pages:get("n:" .. key) ~= past and 202 or 204
end

function M.put_past()
  local older, past = body(), named(ngx.var.http_x_past)
  if not past then
    return ngx.exit(400)
  end
  local key = ngx.var.room .. "/" .. ngx.var.rendition
  if not pages:set("p:" .. key, past .. older, KEPT) or not pages:set("n:" .. key, past, KEPT) then
    return ngx.exit(507)
  end
  ngx.status = 204
end

function M.start(given)
  settings = given
  assert(ngx.timer.every(TICK, tick))
end

return M
