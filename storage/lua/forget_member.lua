-- forget_member.lua: deletes what is kept of a member who was deactivated long ago.
--
-- KEYS[1]: sorted set of deactivated members by the instant at which that was first heard; +inf for those who were forgotten.
-- KEYS[2]: hash of their directory entry. KEYS[3]: hash of their preferences. KEYS[4]: hash of the day's counts of kudos. KEYS[5]: their seats.
-- KEYS[6..9]: of schedule entries: the hash, the sorted set of next runs, the hash of when they changed, the hash of the latest claimed runs.
-- KEYS[10]: the hash of who was forgotten and when.
-- KEYS[11..]: for each program that they have a seat in, the program's seats.
-- ARGV: 1 member, 2 before when it was heard, ms, 3 now, ms, 4.. the names of their schedule entries.
-- Returns 1; 0, and does nothing, if they are active again, were forgotten before, or took another seat meanwhile.

local since = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not since or since == 'inf' or tonumber(since) >= tonumber(ARGV[2]) or redis.call('HLEN', KEYS[5]) ~= #KEYS - 10 then
  return 0
end
redis.call('ZADD', KEYS[1], '+inf', ARGV[1])
redis.call('HSET', KEYS[10], ARGV[1], ARGV[3])
for i = 2, 4 do
  redis.call('HDEL', KEYS[i], ARGV[1])
end
redis.call('DEL', KEYS[5])
for n = 4, #ARGV do
  for _, i in ipairs({6, 8, 9}) do
    redis.call('HDEL', KEYS[i], ARGV[n])
  end
  redis.call('ZREM', KEYS[7], ARGV[n])
end
for i = 11, #KEYS do
  redis.call('HDEL', KEYS[i], ARGV[1])
end
return 1
