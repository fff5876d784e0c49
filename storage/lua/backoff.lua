-- backoff.lua: keeps everybody from calling Slack until an instant; a later one that stands stays.
--
-- KEYS[1]: the instant's key. ARGV[1]: until, ms. ARGV[2]: how long to keep it, ms.
-- How far ahead it may be is up to who reads it, by their own clock: see free.lua.
-- Returns the instant that stands now.

local stands = redis.call('GET', KEYS[1])
if not stands or tonumber(stands) < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return ARGV[1]
end
return stands
