-- reseal.lua: replaces fields of a hash that still hold what they held when they were read.
--
-- KEYS[1]: the hash. ARGV: field, old value, new value, field, old value, new value, ...
-- Returns how many were replaced.

local done = 0
for i = 1, #ARGV, 3 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2])
    done = done + 1
  end
end
return done
