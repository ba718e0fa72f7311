# Punnet with GraphiQL, from a clone: docker build --tag punnet .
# Then: docker run --init --publish 8000:8000 --env PUNNET_DATABASE_URL punnet

FROM node:20-slim AS graphiql
WORKDIR /src
COPY graphiql graphiql
# The commands of `make graphiql`; they write /src/punnet/server/graphiql/dist.
RUN npm install --prefix graphiql --ignore-scripts --no-audit --no-fund \
    && npm run build --prefix graphiql

FROM python:3.11-slim AS wheel
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY punnet punnet
COPY --from=graphiql /src/punnet/server/graphiql/dist punnet/server/graphiql/dist
RUN python -m pip wheel --no-deps --wheel-dir /wheels . \
    && python -m venv /opt/punnet \
    && /opt/punnet/bin/python -m pip install --constraint constraints.txt /wheels/*.whl

FROM python:3.11-slim
COPY --from=wheel /opt/punnet /opt/punnet
ENV PATH=/opt/punnet/bin:$PATH PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin punnet
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
# The documented command. It takes the database's URL from PUNNET_DATABASE_URL, and other options from `docker run`.
ENTRYPOINT ["punnet", "serve", "--host", "0.0.0.0", "--port", "8000"]
