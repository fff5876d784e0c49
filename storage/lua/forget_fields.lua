-- forget_fields.lua: deletes fields of a hash that still hold what they held when they were read.
--
-- KEYS[1]: the hash. ARGV: field, value, field, value, ...
-- Returns how many were deleted.

local gone = 0
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then
    gone = gone + redis.call('HDEL', KEYS[1], ARGV[i])
  end
end
return gone
