"""How gunicorn serves the site (docs/production.md). WEB_CONCURRENCY sets the number of workers."""

import os
from urllib.parse import quote

from gunicorn import glogging

bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("THREADS", "24"))  # also of those who wait for their turn to sign in

control_socket_disable = True  # nobody manages it from beside

# Only Django decides which proxy's headers are believed: one place, with a check.
forwarded_allow_ips = ""


class AccessLog(glogging.Logger):
    """Write what visitors choose so that no line of theirs begins in the log (ASVS 16.4.1)."""

    def atoms(self, resp, req, environ, request_time):
        atoms = super().atoms(resp, req, environ, request_time)
        # As it was sent, with no control character decoded.
        path = environ["RAW_URI"].partition("?")[0]
        request_id = environ.get("HTTP_X_REQUEST_ID", "-")
        return {**atoms, "U": quote(path, safe="/:%"), "{x-request-id}i": quote(request_id)}


logger_class = AccessLog
accesslog = "-"
# Without the query, which may hold what a person searched for; with the id that our records have.
access_log_format = '%(t)s %(h)s "%(m)s %(U)s" %(s)s %(b)s %(D)sus %({x-request-id}i)s'
