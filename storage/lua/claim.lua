-- claim.lua: takes a due send to work on, if the pace allows that it is worked on now. It follows served.lua and
-- free.lua.
--
-- KEYS[1]: the send's hash. KEYS[2]: the due set of its kind. KEYS[3]: the set of sends in flight. KEYS[4]: the ledger's hash. KEYS[5]: nobody calls Slack
-- before the instant that this holds. KEYS[6..]: one key for each rate that the send counts against, which holds when the next may start. Behind them,
-- where it takes others in: this week's tombstones, the due set of each kind that those may be of, and the hash of each of those.
-- ARGV: 1 sid, 2 kind, 3 token of who claims, 4 now, 5 end of the lease, both ms, 6 the state that the rates were reckoned for ("" for whichever it is),
--   7 and 8 watch and saw, as served.lua has it, 9 how long after the doubt a send is in doubt, ms ("" for one that nobody posts), 10 how many rates,
--   11.. for each rate, how far apart two are, ms, and behind them, where it takes others in: what stands in a tombstone before its kind, and after it, how many
--   kinds, the kinds, and the sid of each.
-- A pending send becomes claimed; an unknown one stays unknown, but is looked into by the claimer alone. One that was put before an operator
-- is not to be had. A send without rates calls nobody and waits for nothing; GCRA with a burst of one is what the others wait for.
-- A send in doubt (see restart.go) that nobody has looked for since becomes unknown: from its due instant on and until the doubt it may have been
-- posted.
-- What is taken in has to wait, like the send itself and whenever it is due; what the field "took" names was taken in before, and has to be among them. One in
-- doubt is looked for first, from now on. The send may go out as long as the last of those might have; the tombstone of each keeps its ref.
-- Returns {"held", n, field, value, field, value...} and counts the send against every rate, {"wait", ms, position} of the first rate that is not free
-- (0 stands for KEYS[5]; no wait is longer than two are apart, nor than longestRest for KEYS[5]), {"none"} if it is not to be had, or {"restarted", run id, n}
-- if the ledger may not be believed. Only the first changes anything, but for sends that become unknown, and for an instant of the pace that is too far
-- ahead. The same token claims again and gets the same.

local whole, run = served(KEYS[4], ARGV[7], ARGV[8])
if not whole then
  return {'restarted', run, redis.call('HGET', KEYS[4], 'n') or '0'}
end

-- A claim that is repeated counts again: so that there is something that replicas can confirm.
local function held()
  local n = redis.call('HINCRBY', KEYS[4], 'n', 1)
  local fields = redis.call('HGETALL', KEYS[1])
  table.insert(fields, 1, tostring(n))
  table.insert(fields, 1, 'held')
  return fields
end

local state, due, token, settled, tried, to, looked, took =
  unpack(redis.call('HMGET', KEYS[1], 'state', 'due', 'token', 'settled', 'tried_at', 'tried_until', 'looked', 'took'))
if token then
  if token == ARGV[3] and state ~= 'posting' then
    return held()
  end
  return {'none'}
end
local now = tonumber(ARGV[4])
if settled or state ~= 'pending' and state ~= 'unknown' or tonumber(due) > now then
  return {'none'}
end

local doubt = redis.call('HGET', KEYS[4], 'doubt')

-- inDoubt reports whether what was to go, or may have gone, at an instant may be forgotten by the ledger; since: until when that is known of it.
local function inDoubt(at, since)
  return doubt and ARGV[9] ~= '' and tonumber(at) < tonumber(doubt) + tonumber(ARGV[9]) and tonumber(since or '0') < tonumber(doubt)
end

if state == 'pending' and inDoubt(due, looked) then
  state = 'unknown'
  redis.call('HSET', KEYS[1], 'state', state, 'tried_at', due, 'tried_until', doubt)
elseif state == 'unknown' and inDoubt(tried or due, to) then
  redis.call('HSET', KEYS[1], 'tried_until', doubt)
end
if ARGV[6] ~= '' and ARGV[6] ~= state then
  return {'none'}
end

local rates = tonumber(ARGV[10])
local tombs, texts = 6 + rates, 10 + rates -- indexes of KEYS and ARGV
local kinds = tonumber(ARGV[texts + 3] or '0')
local first, sids = tombs + kinds, texts + 3 + kinds -- those of the sends to take in stand behind
local dues = {}
for i = 1, kinds do
  dues[ARGV[texts + 3 + i]] = KEYS[tombs + i]
end

-- taken returns the sends to take in, as places behind first; nil if that cannot be.
local function taken()
  local before, known, new = {}, 0, {}
  for sid in string.gmatch(took or '', '%S+') do
    before[sid] = true
    known = known + 1
  end
  for i = 1, #KEYS - first do
    if before[ARGV[sids + i]] then
      known = known - 1
    else
      new[#new + 1] = i
    end
  end
  if known ~= 0 then
    return nil
  end
  for _, i in ipairs(new) do
    local key = KEYS[first + i]
    local its, at, holder, since, kind = unpack(redis.call('HMGET', key, 'state', 'due', 'token', 'looked', 'kind'))
    if its ~= 'pending' or holder or not dues[kind] then
      return nil
    end
    if inDoubt(at, since) then
      redis.call('HSET', key, 'state', 'unknown', 'tried_at', at, 'tried_until', doubt, 'due', ARGV[4])
      redis.call('ZADD', dues[kind], ARGV[4], ARGV[sids + i])
      return nil
    end
  end
  return new
end

local new = taken()
if not new then
  return {'none'}
end

if rates > 0 then
  for i = 5, 5 + rates do
    local at = free(KEYS[i], now, i > 5 and tonumber(ARGV[i + 5]) or longestRest)
    if at > now then
      return {'wait', string.format('%.0f', at - now), tostring(i - 5)}
    end
  end
end
for i = 6, 5 + rates do
  local every = tonumber(ARGV[i + 5])
  redis.call('SET', KEYS[i], string.format('%.0f', now + every), 'PX', string.format('%.0f', every + 60000))
end

for _, i in ipairs(new) do
  local sid, key = ARGV[sids + i], KEYS[first + i]
  local kind, ref, last = unpack(redis.call('HMGET', key, 'kind', 'ref', 'not_after'))
  redis.call('DEL', key)
  redis.call('ZREM', dues[kind], sid)
  redis.call('HSET', KEYS[tombs], sid, ARGV[texts + 1] .. kind .. ARGV[texts + 2] .. (ref and ' ref ' .. ref or ''))
  took = (took and took .. ' ' or '') .. sid
  if last and tonumber(last) > tonumber(redis.call('HGET', KEYS[1], 'not_after') or last) then
    redis.call('HSET', KEYS[1], 'not_after', last)
  end
end
if #new > 0 then
  redis.call('HSET', KEYS[1], 'took', took)
end

if state == 'pending' then
  redis.call('HSET', KEYS[1], 'state', 'claimed')
end
redis.call('HSET', KEYS[1], 'token', ARGV[3], 'lease', ARGV[5])
redis.call('HINCRBY', KEYS[1], 'attempt', 1)
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[5], ARGV[2] .. ' ' .. ARGV[1])
return held()
