-- hold_sync.lua: one process takes the sync of the directory for a while.
--
-- KEYS[1]: hash of the directory's sync.
-- ARGV: 1 holder, 2 now, ms, 3 until when, ms.
-- Returns 1 if it is the holder's now; 0 if another one's.

local held = redis.call('HMGET', KEYS[1], 'holder', 'until')
if held[1] and held[1] ~= ARGV[1] and tonumber(held[2]) > tonumber(ARGV[2]) then
  return 0
end
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'until', ARGV[3])
return 1
