-- fire.lua: claims a run of a schedule entry and stores the next one.
--
-- KEYS[1]: sorted set of next runs. KEYS[2]: hash of the latest claimed runs. KEYS[3..]: what the sends need.
-- ARGV: 1 entry name, 2 its score as it was read, 3 the next run in ms ("" for none any more), 4 civil time of the run ("" for none: only
--   the next run is stored), 5 JSON of what the run brings about: {sends, tombs} as insert.lua has it
-- A civil time is claimed once, and none before the latest that was.
-- Returns "fired"; "stored" if there was no run to claim; "repeated" if it was claimed before; "changed", and does nothing, if somebody changed the
-- entry or stored its next run meanwhile.

local stands = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not stands or tonumber(stands) ~= tonumber(ARGV[2]) then
  return 'changed'
end
if ARGV[3] == '' then
  redis.call('ZREM', KEYS[1], ARGV[1])
else
  redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
end
if ARGV[4] == '' then
  return 'stored'
end
local latest = redis.call('HGET', KEYS[2], ARGV[1])
if latest and latest >= ARGV[4] then
  return 'repeated'
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[4])
local what = cjson.decode(ARGV[5])
insert(what.sends or {}, what.tombs or {})
return 'fired'
