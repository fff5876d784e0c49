-- insert.lua: functions that other scripts begin with. It is no script of its own.

-- insert puts sends into the ledger. A sid that is there, or was settled in the last weeks, is left as it is, unless it still waits and
-- the new one is due earlier.
--   sends: list of {k = send's key, d = its due set's key, i = the index of what is addressed to its member, if it stands there, sid, at = due in ms,
--     f = its fields and values in turn}, keys as indexes of KEYS
--   tombs: list of indexes of KEYS: tombstone hashes
-- The index keeps the latest 100, and goes five weeks after the last: a send lives four.
-- Returns how many were new.
local function insert(sends, tombs)
  local new = 0
  for _, s in ipairs(sends) do
    local key, due = KEYS[s.k], KEYS[s.d]
    local stood = redis.call('HMGET', key, 'state', 'due')
    if stood[1] == 'pending' then
      if tonumber(s.at) < tonumber(stood[2]) then
        redis.call('HSET', key, 'due', s.at)
        redis.call('ZADD', due, s.at, s.sid)
      end
    elseif not stood[1] then
      local buried = false
      for _, t in ipairs(tombs) do
        if redis.call('HEXISTS', KEYS[t], s.sid) == 1 then
          buried = true
          break
        end
      end
      if not buried then
        redis.call('HSET', key, 'state', 'pending', 'due', s.at, unpack(s.f))
        redis.call('ZADD', due, s.at, s.sid)
        if s.i then
          redis.call('ZADD', KEYS[s.i], s.at, s.sid)
          redis.call('ZREMRANGEBYRANK', KEYS[s.i], 0, -101)
          redis.call('PEXPIRE', KEYS[s.i], 3024000000)
        end
        new = new + 1
      end
    end
  end
  return new
end
