# The service, and nothing that only tests or builds it.

FROM python:3.13-slim-trixie AS build
WORKDIR /build
COPY pyproject.toml constraints.txt LICENSE ./
COPY app app
COPY alembic alembic
RUN python -m venv /opt/outturn \
    && /opt/outturn/bin/pip install --no-cache-dir --constraint constraints.txt .

FROM python:3.13-slim-trixie
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin outturn \
    && install -d -o outturn -g outturn /var/lib/outturn
COPY --from=build /opt/outturn /opt/outturn
ENV PATH=/opt/outturn/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    OUTTURN_HOST=0.0.0.0 \
    OUTTURN_PORT=8123 \
    OUTTURN_DATABASE_URL=sqlite:////var/lib/outturn/outturn.db
USER 10001
WORKDIR /var/lib/outturn
VOLUME /var/lib/outturn
EXPOSE 8123
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ[\"OUTTURN_PORT\"]}/health/live', timeout=2)"]

# The database is brought up to date only where OUTTURN_MIGRATE_ON_START=true says so, or by
# `docker run ... migrate`: of many copies starting at once, one is to do it.
ENTRYPOINT ["outturn"]
CMD ["serve"]
