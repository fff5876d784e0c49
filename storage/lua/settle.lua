-- settle.lua: says what became of a claimed send. It follows insert.lua and served.lua.
--
-- KEYS[1]: the send's hash. KEYS[2]: the due set of its kind. KEYS[3]: the set of sends in flight. KEYS[4]: the set of dead ones.
-- KEYS[5]: the ledger's hash. KEYS[6..]: this week's tombstones, those of the weeks before, and what the sends that follow need.
-- ARGV: 1 sid, 2 kind, 3 token of the claim, 4 now,
--   5 JSON of the outcome: {state, reason, at = when to look again in ms ("" for never), tomb = tombstone, for sent and dropped}
--   6 JSON of what follows, only if the outcome holds and is for good: {sends, tombs} as insert.lua has it; the first tomb is this week's
--   7 and 8 watch and saw, as served.lua has it
-- sent always wins, also over a lease that is lost. Any other outcome needs the claim.
-- An unknown one that becomes pending was proven not to be there: that holds until the next doubt.
-- Returns {"ok"}, {"lost"} if the claim is another's by now, or {"settled", tombstone} if the send was settled before.

local sid, o, follow = ARGV[1], cjson.decode(ARGV[5]), cjson.decode(ARGV[6])
local flight = ARGV[2] .. ' ' .. sid

local state, token, since, to = unpack(redis.call('HMGET', KEYS[1], 'state', 'token', 'tried_at', 'tried_until'))
if not state then
  for _, t in ipairs(follow.tombs) do
    local tomb = redis.call('HGET', KEYS[t], sid)
    if tomb then
      return {'settled', tomb}
    end
  end
  return {'lost'}
end
if o.state ~= 'sent' and token ~= ARGV[3] then
  return {'lost'}
end

-- It is not counted between a restart and the judgement of it: that would hide what was lost.
if served(KEYS[5], ARGV[7], ARGV[8]) then
  redis.call('HINCRBY', KEYS[5], 'n', 1)
end
redis.call('ZREM', KEYS[3], flight)
redis.call('ZREM', KEYS[2], sid)
if o.state == 'sent' or o.state == 'dropped' then
  redis.call('ZREM', KEYS[4], sid)
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[follow.tombs[1]], sid, o.tomb)
  insert(follow.sends or {}, follow.tombs)
  return {'ok'}
end

redis.call('HDEL', KEYS[1], 'token', 'lease', 'reason')
redis.call('HSET', KEYS[1], 'state', o.state)
if o.reason ~= '' then
  redis.call('HSET', KEYS[1], 'reason', o.reason)
end
if o.state == 'unknown' then
  if not since then
    redis.call('HSET', KEYS[1], 'tried_at', ARGV[4])
  end
else
  redis.call('HDEL', KEYS[1], 'tried_at', 'tried_until')
  if state == 'unknown' and to and o.state == 'pending' then
    redis.call('HSET', KEYS[1], 'looked', to)
  end
end
if o.at ~= '' then
  redis.call('HSET', KEYS[1], 'due', o.at)
  redis.call('ZADD', KEYS[2], o.at, sid)
else
  redis.call('HSET', KEYS[1], 'settled', ARGV[4])
  redis.call('ZADD', KEYS[4], ARGV[4], sid)
  insert(follow.sends or {}, follow.tombs)
end
return {'ok'}
