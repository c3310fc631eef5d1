# The service alone. Its graph lies on the Neo4j server that KETNOI_NEO4J_URI names: docker-compose.yml brings one.
# The editors of a page are built beside it; Node, which builds them, is not in the service's image.
FROM python:3.11-slim AS frontend

WORKDIR /app
COPY requirements-frontend.lock ./
COPY api/frontend api/frontend
RUN sh api/frontend/build.sh python

FROM python:3.11-slim

WORKDIR /app
ENV KETNOI_HOME=/data PYTHONUNBUFFERED=1

# First what seldom changes: the locked dependencies keep their layer while the program changes.
COPY requirements.lock ./
RUN python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

# The Turtle, queries and templates are read from where they lie, so the checkout itself is what is installed.
COPY . ./
COPY --from=frontend /app/api/static/built api/static/built
RUN python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation --editable . \
    && python -m compileall -q api graph loaders ontology \
    && useradd --uid 1000 --home-dir /data --no-create-home --shell /usr/sbin/nologin ketnoi \
    && install -d -o ketnoi -g ketnoi -m 0700 /data

USER ketnoi
VOLUME /data
EXPOSE 8000

HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=6 CMD ["python", "-c", "\
import http.client, sys; \
service = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); \
service.request('GET', '/healthz'); \
sys.exit(service.getresponse().status != 200)"]

CMD ["ketnoi", "serve", "--host", "0.0.0.0", "--port", "8000"]
