-- discard.lua: drops a send that was put before an operator.
--
-- KEYS[1]: the send's hash. KEYS[2]: the set of dead ones. KEYS[3]: this week's tombstones.
-- ARGV: 1 sid, 2 tombstone.
-- Returns 1, also when the client repeats the call; 0 if it is not before an operator.

if not redis.call('HGET', KEYS[1], 'settled') then
  if redis.call('HGET', KEYS[3], ARGV[1]) == ARGV[2] then
    return 1
  end
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
return 1
