-- probe.lua: notes which keys a workspace's texts are sealed with.
--
-- KEYS[1]: meta. KEYS[2], ...: the hashes that hold sealed texts.
-- ARGV[1]: how many fields follow that are to go; they are the notes of keys that we have not. ARGV: these fields, then field, note, field, note, ...
-- Returns 1, or 0 if something is sealed that such a key may be needed for; then nothing changes.

local foreign = tonumber(ARGV[1])
if foreign > 0 then
  for i = 2, #KEYS do
    if redis.call('HLEN', KEYS[i]) > 0 then
      return 0
    end
  end
end
for i = 2, foreign + 1 do
  redis.call('HDEL', KEYS[1], ARGV[i])
end
for i = foreign + 2, #ARGV, 2 do
  redis.call('HSETNX', KEYS[1], ARGV[i], ARGV[i + 1])
end
return 1
