-- save_sync.lua: notes how far the sync of the directory is, for the process that holds it.
--
-- KEYS[1]: hash of the directory's sync. KEYS[2]: set of whom the sync under way has met.
-- ARGV: 1 holder, 2 until when they hold it now, ms, 3 the mark, 4 "1" if it begins or has ended, so that nobody was met, 5 "1" if it begins, so that nobody
-- asks for one any more; 6.. ids of whom it met since.
-- Returns 1; 0, and changes nothing, if another process holds it.

if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'until', ARGV[2], 'mark', ARGV[3])
if ARGV[4] == '1' then
  redis.call('DEL', KEYS[2])
end
if ARGV[5] == '1' then
  redis.call('HDEL', KEYS[1], 'asked')
end
for i = 6, #ARGV do
  redis.call('SADD', KEYS[2], ARGV[i])
end
return 1
