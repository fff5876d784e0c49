-- pace.lua: asks for leave to call Slack; GCRA with a burst of one, time as an argument. It follows free.lua.
--
-- KEYS[1]: nobody calls before the instant that this holds. KEYS[2..]: one key for each rate that the call counts against, which holds when
--   the next such call may start.
-- ARGV[1]: now, ms. ARGV[2..]: for each rate, how far apart calls are, ms.
-- Returns {0, 0} and counts the call against every rate, or {wait in ms, position} of the first that is not free and counts nothing; position 0 stands
-- for KEYS[1]. No wait is longer than the calls are apart, nor than longestRest for KEYS[1].

local now = tonumber(ARGV[1])
for i = 1, #KEYS do
  local at = free(KEYS[i], now, i > 1 and tonumber(ARGV[i]) or longestRest)
  if at > now then
    return {at - now, i - 1}
  end
end
for i = 2, #KEYS do
  local every = tonumber(ARGV[i])
  redis.call('SET', KEYS[i], string.format('%.0f', now + every), 'PX', string.format('%.0f', every + 60000))
end
return {0, 0}
