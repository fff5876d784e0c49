-- commit.lua: the one way in which the state of a workspace changes. All of it happens, or nothing.
--
-- KEYS: the workspace's meta hash, then every other key of the change; the change names them by index.
-- ARGV[1]: now, ms. ARGV[2]: name of this call, to know it again when the client repeats it.
-- ARGV[3]: JSON of the change, each part optional:
--   id      what the change makes, kept with its tokens and returned to whoever repeats them
--   once    [{k, window}]      tokens: one that came within the last window ms ends the change
--   seq     {k, n, by}         the numbers drawn, by of them (1, if it is left out), the last one n: the sequence has to stand at n - by
--   check   [{k, f, v}]        the object in field f has to have version v; "0": it must not be there; "*": it must be there
--   count   [{k, f, p, by, max}]  a counter of period p: raised by by, never over max, never under 0; falling only in its own period
--   ops     [[command, key index, arguments...]]
--   sends, tombs               as insert.lua has it
--   entries [{k, z, s, q, name, json, off}]  schedule entries: hash k, sorted set z of next runs, hash s of when they changed, sequence q. A
--           changed one gets a score under zero that no other change has: its next run has to be computed
-- Returns {"ok", number of new sends} | {"repeated", id} | {"number", where the sequence stands} | {"conflict", field} | {"limit", field} |
--   {"emptied", ""}, and does nothing, if the store has no schema: it had one when it was opened, and what stood there beside it is gone.

if redis.call('HEXISTS', KEYS[1], 'schema') == 0 then
  return {'emptied', ''}
end

local now, call, c = tonumber(ARGV[1]), ARGV[2], cjson.decode(ARGV[3])

for _, o in ipairs(c.once or {}) do
  local was = redis.call('GET', KEYS[o.k])
  if was then
    local at, by, id = string.match(was, '^(%d+) (%S+) (.*)$')
    local repeated = now - tonumber(at) < tonumber(o.window)
    if by == call or repeated then
      -- Written again, so that there is something that replicas can confirm.
      redis.call('SET', KEYS[o.k], was, 'KEEPTTL')
    end
    if by == call then
      return {'ok', 0}
    end
    if repeated then
      return {'repeated', id}
    end
  end
end

if c.seq then
  local stands = redis.call('GET', KEYS[c.seq.k]) or '0'
  if tonumber(stands) ~= tonumber(c.seq.n) - (c.seq.by or 1) then
    return {'number', stands}
  end
end

for _, o in ipairs(c.check or {}) do
  local was = redis.call('HGET', KEYS[o.k], o.f)
  local version = was and string.match(was, '^(%d+) ') or '0'
  if version ~= o.v and not (o.v == '*' and was) then
    return {'conflict', o.f}
  end
end

local counted = {}
for i, o in ipairs(c.count or {}) do
  local period, n = string.match(redis.call('HGET', KEYS[o.k], o.f) or '', '^(.-):(%d+)$')
  local by = tonumber(o.by)
  if period == o.p then
    n = tonumber(n) + by
  else
    n = by
  end
  if by > 0 and n > tonumber(o.max) then
    return {'limit', o.f}
  end
  if by > 0 or period == o.p then
    counted[i] = o.p .. ':' .. string.format('%d', math.max(n, 0))
  end
end

-- From here on everything is decided, and only writes follow.

for _, o in ipairs(c.once or {}) do
  redis.call('SET', KEYS[o.k], ARGV[1] .. ' ' .. call .. ' ' .. (c.id or ''), 'PX', o.window)
end
if c.seq then
  redis.call('SET', KEYS[c.seq.k], c.seq.n)
end
for i, o in ipairs(c.count or {}) do
  if counted[i] then
    redis.call('HSET', KEYS[o.k], o.f, counted[i])
  end
end
for _, o in ipairs(c.ops or {}) do
  redis.call(o[1], KEYS[o[2]], unpack(o, 3))
end
for _, e in ipairs(c.entries or {}) do
  if redis.call('HGET', KEYS[e.k], e.name) ~= e.json then
    redis.call('HSET', KEYS[e.k], e.name, e.json)
    redis.call('HSET', KEYS[e.s], e.name, ARGV[1])
    if e.off then
      redis.call('ZREM', KEYS[e.z], e.name)
    else
      redis.call('ZADD', KEYS[e.z], -redis.call('INCR', KEYS[e.q]), e.name)
    end
  end
end
return {'ok', insert(c.sends or {}, c.tombs or {})}
