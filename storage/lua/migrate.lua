-- migrate.lua: takes the work of migrating a store, and notes how far it came.
--
-- KEYS[1]: the hash of what is known of the store as a whole.
-- ARGV: 1 token of who wants to do it, 2 now, 3 until when they may be believed to be at work, both ms, 4 the schema that they reached, "0" for none
--   yet, 5 the schema that is wanted.
-- Who does it says so again with each schema reached. The schema only rises. When the wanted one stands nobody has the work.
-- Returns {the schema that stands, 1 if the work is theirs, else 0}.

local schema = tonumber(redis.call('HGET', KEYS[1], 'schema'))
local who, till = string.match(redis.call('HGET', KEYS[1], 'migrating') or '', '^(%S+) (%d+)$')
if who and who ~= ARGV[1] and tonumber(till) > tonumber(ARGV[2]) and schema < tonumber(ARGV[5]) then
  return {schema, 0}
end
if tonumber(ARGV[4]) > schema then
  schema = tonumber(ARGV[4])
  redis.call('HSET', KEYS[1], 'schema', ARGV[4])
end
if schema >= tonumber(ARGV[5]) then
  redis.call('HDEL', KEYS[1], 'migrating')
  return {schema, 0}
end
redis.call('HSET', KEYS[1], 'migrating', ARGV[1] .. ' ' .. ARGV[3])
return {schema, 1}
