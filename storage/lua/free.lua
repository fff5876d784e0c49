-- free.lua: a function that other scripts begin with. It is no script of its own.

-- free returns the instant, ms, that a key of the pace holds; 0 if it holds none. One further ahead than most from now was written by a clock that is
-- fast, or the caller's was set back since: it is brought down to that, and stays there, or everybody would wait for as long as clocks differ.
local function free(key, now, most)
  local at = tonumber(redis.call('GET', key) or '0')
  if at > now + most then
    at = now + most
    redis.call('SET', key, string.format('%.0f', at), 'PX', string.format('%.0f', most + 60000))
  end
  return at
end

-- longestRest is how long nobody may call Slack at most, ms; backoff.lua is told of longer ones.
local longestRest = 600000

