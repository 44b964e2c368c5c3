"""Process model of the old system: four uvicorn workers behind gunicorn."""

import os

wsgi_app = "app.main:app"
worker_class = "uvicorn_worker.UvicornWorker"
workers = int(os.environ.get("PEER_WORKERS", "4"))
bind = os.environ.get("PEER_BIND", "127.0.0.1:8090")
timeout = 120
accesslog = None
loglevel = "warning"
