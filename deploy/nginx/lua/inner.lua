-- Asks a server of ours over HTTP/1.1. No subrequest: ngx.location.capture refuses requests that came by HTTP/2, and
-- ends with its client.

local M = {}

-- uvicorn closes a connection that is idle for five seconds.
local IDLE = 4000
local PIECE = 65536

local function head(socket)
  local status = tonumber((socket:receive() or ""):match("^HTTP/1%.%d (%d%d%d)"))
  local headers = {}
  while status do
    local line = socket:receive()
    if not line then
      return nil
    elseif line == "" then
      return status, headers
    end
    local name, value = line:match("^([^:]+):%s*(.-)%s*$")
    if name then
      headers[name:lower()] = value
    end
  end
end

-- The body is of no interest; but its end is: then all of it is in the cache.
local function finish(socket, headers)
  local length = tonumber(headers["content-length"])
  if length == 0 and headers.connection ~= "close" then
    return socket:setkeepalive(IDLE, 32)
  end
  local read = 0
  repeat
    local piece = socket:receiveany(PIECE)
    read = read + (piece and #piece or 0)
  until not piece or read == length
  socket:close()
  return not length or read == length
end

-- Returns status and headers (names in lower case), or nil when nobody answers within `seconds`. `to`: host and port, or
-- a unix socket; `more`: header lines.
function M.get(to, path, seconds, more)
  local wait = seconds * 1000
  local request = "GET " .. path .. " HTTP/1.1\r\nHost: inner\r\n" .. (more or "") .. "\r\n"
  for _ = 1, 2 do
    local socket = ngx.socket.tcp()
    socket:settimeouts(1000, wait, wait)
    if not socket:connect(to[1], to[2]) then
      return nil
    end
    local reused = socket:getreusedtimes() > 0
    local status, headers
    if socket:send(request) then
      status, headers = head(socket)
    end
    if status then
      if finish(socket, headers) then
        return status, headers
      end
      return nil
    end
    socket:close()
    -- The other side may have closed a connection that we kept, just as we used it again.
    if not reused then
      return nil
    end
  end
end

return M
