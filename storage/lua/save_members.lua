-- save_members.lua: stores what the directory knows of members, and since when somebody is deactivated.
--
-- KEYS[1]: the hash that these members are in. KEYS[2]: sorted set of deactivated members by the instant at which that was first heard; +inf for
-- those who were forgotten.
-- ARGV[1]: now, ms. ARGV[2..]: in threes: id, value, "1" if deactivated, else "0".
-- Who was forgotten is not stored again, unless they are active again.
-- Returns how many were stored.

local saved = 0
for i = 2, #ARGV, 3 do
  local id, known = ARGV[i], true
  if ARGV[i + 2] == '1' then
    redis.call('ZADD', KEYS[2], 'NX', ARGV[1], id)
    known = redis.call('ZSCORE', KEYS[2], id) ~= 'inf'
  else
    redis.call('ZREM', KEYS[2], id)
  end
  if known then
    redis.call('HSET', KEYS[1], id, ARGV[i + 1])
    saved = saved + 1
  end
end
return saved
