-- posting.lua: the last step before a message is posted: from here on it may have its effect. It follows served.lua.
--
-- KEYS[1]: the send's hash. KEYS[2]: the ledger's hash.
-- ARGV: 1 token of the claim, 2 now, 3 how long before the lease's end posting is too late, both ms, 4 and 5 watch and saw, as served.lua has it.
-- Returns what the ledger has counted, if the claim holds, there is time enough and the ledger may be believed; else 0. The same token may ask again; it
-- counts again, so that there is something that replicas can confirm.

local state, token, lease = unpack(redis.call('HMGET', KEYS[1], 'state', 'token', 'lease'))
if token ~= ARGV[1] or not served(KEYS[2], ARGV[4], ARGV[5]) then
  return 0
end
if state ~= 'posting' then
  if state ~= 'claimed' or tonumber(ARGV[2]) >= tonumber(lease) - tonumber(ARGV[3]) then
    return 0
  end
  -- Whoever looks for the message later looks around this instant.
  redis.call('HSET', KEYS[1], 'state', 'posting', 'tried_at', ARGV[2])
end
return redis.call('HINCRBY', KEYS[2], 'n', 1)
