"""How gunicorn serves the site (docs/production.md). WEB_CONCURRENCY sets the number of workers."""

import os

bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("THREADS", "8"))  # up to half of them hash passwords, 19 MiB each

# Only Django decides which proxy's headers are believed: one place, with a check.
forwarded_allow_ips = ""

accesslog = "-"
# Without the query, which may hold what a person searched for; with the id that our records have.
access_log_format = '%(t)s %(h)s "%(m)s %(U)s" %(s)s %(b)s %(D)sus %({x-request-id}i)s'
