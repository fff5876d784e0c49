-- seen.lua: notes that an event came.
--
-- KEYS[1]: the event's key.
-- ARGV: 1 now, ms, 2 name of this call, to know it again when the client repeats it, 3 how long the note counts, ms.
-- Returns 1 if it came for the first time, else 0.

local was = redis.call('GET', KEYS[1])
if was then
  local at, by = string.match(was, '^(%d+) (%S+)$')
  if by == ARGV[2] then
    return 1
  end
  if tonumber(ARGV[1]) - tonumber(at) < tonumber(ARGV[3]) then
    return 0
  end
end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'PX', ARGV[3])
return 1
