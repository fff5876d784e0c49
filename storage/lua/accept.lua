-- accept.lua: says that the ledger was found whole on the server that runs this. It follows served.lua.
--
-- KEYS[1]: the ledger's hash.
-- ARGV: 1 the run id of the server that was looked at, 2 the highest count that the caller saw.
-- Returns 1; 0, and does nothing, if it is another server or has counted less.

local _, run = served(KEYS[1], '1', '0')
if run ~= ARGV[1] or tonumber(redis.call('HGET', KEYS[1], 'n') or '0') < tonumber(ARGV[2]) then
  return 0
end
redis.call('HSET', KEYS[1], 'run', run)
return 1
