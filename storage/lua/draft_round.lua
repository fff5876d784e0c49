-- draft_round.lua: writes a piece of the draft of a round.
--
-- KEYS[1]: the round's hash. KEYS[2]: the draft's hash. KEYS[3]: sorted set of drafts.
-- ARGV: 1 name of the draft, 2 now, ms, 3.. fields and values in turn.
-- Writing a piece again changes nothing.
-- Returns 1; 0, and does nothing, if the round is there already.

if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], unpack(ARGV, 3))
return 1
