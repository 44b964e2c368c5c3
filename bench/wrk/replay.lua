-- Sends the requests of a file over and over: one a line, "METHOD<tab>PATH[<tab>BODY FILE]".
-- With a second argument that is what every request shows as its Authorization. Prints one JSON object at the end.

local requests = {}
local at = 0

function init(args)
  for line in io.lines(args[1]) do
    local method, path, body_file = line:match("^(%u+)\t([^\t]+)\t?(.*)$")
    local headers, body = { authorization = args[2] }, nil
    if body_file ~= "" then
      local file = assert(io.open(body_file, "rb"))
      body = file:read("*a")
      file:close()
      headers["content-type"] = "application/json"
    end
    requests[#requests + 1] = wrk.format(method, path, headers, body)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.6f,"bytes":%d,"p50_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f,"bad_status":%d,"dropped":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, latency.max / 1e3, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
