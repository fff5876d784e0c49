-- last_kudos.lua: the newest object of an index, with what is known of a send that is named after it.
--
-- KEYS[1]: sorted set of ids. KEYS[2]..KEYS[n+1]: the hashes that the objects are sharded over, as list.lua has them. The others: tombstone hashes.
-- ARGV[1]: n. ARGV[2], ARGV[3]: what stands before and behind the id in the send's sid. ARGV[4]: what stands before a sid in the key of a send. That key is
-- made here, for only the script knows the id; its hash tag is that of all others.
-- Returns the id, the stored object, the send's fields and values in turn, its tombstone or ''; nothing without an object.

local id = redis.call('ZREVRANGE', KEYS[1], 0, 0)[1]
if not id then
  return {}
end
local shards, sum = tonumber(ARGV[1]), 0
for i = 1, #id do
  sum = sum + string.byte(id, i)
end
local stored = redis.call('HGET', KEYS[2 + sum % shards], id)
if not stored then
  return {}
end
local sid = ARGV[2] .. id .. ARGV[3]
local record = redis.call('HGETALL', ARGV[4] .. sid)
local tomb = false
if #record == 0 then
  for i = 2 + shards, #KEYS do
    tomb = tomb or redis.call('HGET', KEYS[i], sid)
  end
end
return {id, stored, record, tomb or ''}
