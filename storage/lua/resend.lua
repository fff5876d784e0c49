-- resend.lua: makes a send due again that was put before an operator.
--
-- KEYS[1]: the send's hash. KEYS[2]: the due set of its kind. KEYS[3]: the set of dead ones.
-- ARGV: 1 sid, 2 now, 3 until when it may go out at least, both ms, 4 name of this call, to know it again when the client repeats it.
-- Its attempts go on counting, for they name claims. Whoever asks for it has looked for it: an earlier doubt (see restart.go) does not hold it up again.
-- Returns 1, or 0 if it is not before an operator.

local settled, resent, last = unpack(redis.call('HMGET', KEYS[1], 'settled', 'resent', 'not_after'))
if resent == ARGV[4] then
  return 1
end
if not settled then
  return 0
end
redis.call('HDEL', KEYS[1], 'settled', 'reason', 'tried_at', 'tried_until', 'token', 'lease')
redis.call('HSET', KEYS[1], 'state', 'pending', 'due', ARGV[2], 'resent', ARGV[4], 'looked', ARGV[2])
if last and tonumber(last) < tonumber(ARGV[3]) then
  redis.call('HSET', KEYS[1], 'not_after', ARGV[3])
end
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
return 1
