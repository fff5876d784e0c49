-- list.lua: objects that an index names, in one round trip.
--
-- KEYS[1]: sorted set of ids. KEYS[2..]: the hashes that the objects are sharded over, by the sum of the id's bytes.
-- ARGV[1], ARGV[2]: lowest and highest score, as ZRANGEBYSCORE reads them. ARGV[3]: "up", or "down" for the highest first.
-- ARGV[4]: how many at most; -1 for all.
-- Returns id, stored value, id, stored value, ...; an id without object is left out.

local ids
if ARGV[3] == 'down' then
  ids = redis.call('ZREVRANGEBYSCORE', KEYS[1], ARGV[2], ARGV[1], 'LIMIT', 0, ARGV[4])
else
  ids = redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[4])
end

local found = {}
for _, id in ipairs(ids) do
  local sum = 0
  for i = 1, #id do
    sum = sum + string.byte(id, i)
  end
  local value = redis.call('HGET', KEYS[2 + sum % (#KEYS - 1)], id)
  if value then
    found[#found + 1] = id
    found[#found + 1] = value
  end
end
return found
