-- save_members.lua: stores what the directory knows of members, and since when somebody is deactivated.
--
-- KEYS[1]: the hash that these members are in. KEYS[2]: sorted set of deactivated members by the instant at which that was first heard; +inf for
-- those who were forgotten.
-- ARGV[1]: now, ms. ARGV[2..]: in fours: id, value, "1" if deactivated, else "0", and the value that it is made from: "-" for none, "*" for whatever there is.
-- Who was forgotten is not stored again, unless they are active again.
-- Returns the ids of those who are stored otherwise than the value was made from; nothing of theirs was changed.

local moved = {}
for i = 2, #ARGV, 4 do
  local id, before, known = ARGV[i], ARGV[i + 3], true
  if before ~= '*' and before ~= (redis.call('HGET', KEYS[1], id) or '-') then
    moved[#moved + 1] = id
  else
    if ARGV[i + 2] == '1' then
      redis.call('ZADD', KEYS[2], 'NX', ARGV[1], id)
      known = redis.call('ZSCORE', KEYS[2], id) ~= 'inf'
    else
      redis.call('ZREM', KEYS[2], id)
    end
    if known then
      redis.call('HSET', KEYS[1], id, ARGV[i + 1])
    end
  end
end
return moved
