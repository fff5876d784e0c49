-- adopt_round.lua: makes a draft the round that counts. The first draft wins.
--
-- KEYS[1]: the round's hash. KEYS[2]: the draft's hash. KEYS[3]: sorted set of drafts. KEYS[4]: hash of the latest round of each program.
-- ARGV: 1 name of the draft, 2 program, 3 number of the round.
-- A whole round is renamed, however large it is, so that this step is short.
-- Returns "adopted", also to who asks again; "taken" if another draft is the round; "incomplete" if pieces of the draft are missing.

if redis.call('EXISTS', KEYS[1]) == 1 then
  local stands = redis.call('HGET', KEYS[1], 'draft') or ''
  redis.call('HSET', KEYS[1], 'draft', stands) -- or no replica would have anything to confirm
  if stands == ARGV[1] then
    return 'adopted'
  end
  return 'taken'
end
local fields = redis.call('HGET', KEYS[2], 'fields')
if not fields or redis.call('HLEN', KEYS[2]) ~= tonumber(fields) then
  return 'incomplete'
end
redis.call('RENAME', KEYS[2], KEYS[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('HSET', KEYS[4], ARGV[2], ARGV[3])
return 'adopted'
