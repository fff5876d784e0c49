-- served.lua: functions that other scripts begin with. It is no script of its own.

-- served reports whether the ledger may be believed: whether the server that runs this is the one on which it was last found whole, and has not lost
-- what the caller saw.
--   ledger: the ledger's hash: n = how many claims, postings and settlings it has counted, run = the run id of that server, doubt = an instant
--   watch: "1" to look at the run id, "" where the server has none
--   saw: the highest n that the caller saw
-- A ledger that has counted nothing belongs to whichever server it is on.
-- Returns whether it may be, and the server's run id.
local function served(ledger, watch, saw)
  local n, known = unpack(redis.call('HMGET', ledger, 'n', 'run'))
  if tonumber(n or '0') < tonumber(saw) then
    return false, watch == '1' and string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
  end
  if watch ~= '1' then
    return true, ''
  end
  local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
  if not n and not known then
    redis.call('HSET', ledger, 'run', run)
    return true, run
  end
  return run == known, run
end
