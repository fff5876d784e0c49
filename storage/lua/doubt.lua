-- doubt.lua: says that the ledger may have forgotten what was posted before an instant, and that it is to be believed again from here on. It follows
-- served.lua.
--
-- KEYS[1]: the ledger's hash.
-- ARGV: 1 the instant, ms, 2 and 3 watch and saw, as served.lua has it, 4 "1" to doubt in any case, 5 how long the doubt of another process is taken for
--   this one, ms.
-- Of several processes that find out the same, the first one's instant counts. The counter goes over what the caller saw.
-- Returns the instant that stands.

local whole, run = served(KEYS[1], ARGV[2], '0')
local n, doubt = unpack(redis.call('HMGET', KEYS[1], 'n', 'doubt'))
local at = tonumber(ARGV[1])
if doubt and tonumber(doubt) > at then
  at = tonumber(doubt)
elseif doubt and whole and ARGV[4] ~= '1' and at - tonumber(doubt) < tonumber(ARGV[5]) then
  at = tonumber(doubt)
end
redis.call('HSET', KEYS[1], 'doubt', string.format('%.0f', at), 'n', string.format('%.0f', math.max(tonumber(n or '0'), tonumber(ARGV[3])) + 1))
if run ~= '' then
  redis.call('HSET', KEYS[1], 'run', run)
end
return string.format('%.0f', at)
