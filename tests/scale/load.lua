-- For wrk with one thread: asks for the paths of a file, one a line, one after the other.
-- Arguments: the file; what to accept, "gzip" or "plain"; "once" or "again". With "once" no address
-- is asked for twice: when the paths are through, they come again with a query of their own.
local paths, asked, once = {}, 0, false
local threads = {}
other = 0

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  for path in io.lines(args[1]) do
    table.insert(paths, path)
  end
  if args[2] == "gzip" then
    wrk.headers["Accept-Encoding"] = "gzip"
  end
  once = args[3] == "once"
end

function request()
  local path = paths[asked % #paths + 1]
  local round = math.floor(asked / #paths)
  asked = asked + 1
  if once and round > 0 then
    path = path .. "?" .. round
  end
  return wrk.format("GET", path)
end

function response(status)
  if status ~= 200 then
    other = other + 1
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'asked {"requests": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f, "other": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, threads[1]:get("other"),
    errors.connect + errors.read + errors.write + errors.timeout))
end
