# docker build -t digits . && docker run --rm -p 8000:8000 digits
# On an NVIDIA GPU: docker build --build-arg ACCELERATOR=cuda -t digits:cuda . && docker run --rm --gpus all -p 8000:8000 digits:cuda
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
ARG ACCELERATOR=cpu
ARG CPU_WHEELS=https://download.pytorch.org/whl/cpu
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=/venv/bin:$PATH
WORKDIR /build
RUN python -m venv /venv
COPY pyproject.toml constraints.txt ./
# The build without CUDA is some hundred megabytes instead of several gigabytes, and has an index of its own.
RUN case "$ACCELERATOR" in \
      cpu) pip install --no-deps --index-url "$CPU_WHEELS" -c constraints.txt torch torchvision ;; \
      cuda) ;; \
      *) echo "ACCELERATOR is cpu or cuda, not $ACCELERATOR" >&2; exit 1 ;; \
    esac
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > requirements.txt \
    && pip install -c constraints.txt -r requirements.txt

FROM python:${PYTHON}-slim
LABEL org.opencontainers.image.title="Digits" \
      org.opencontainers.image.description="Draw a digit; two small neural networks say live which it is." \
      org.opencontainers.image.version="0.1.0"
# No file is written while serving, so the container may run with a read-only root file system.
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DIGITS_HOST=0.0.0.0 DIGITS_PORT=8000
WORKDIR /srv/digits
COPY --from=build /venv /venv
COPY models models
COPY templates templates
COPY static static
COPY app app
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import http.client, os, sys; server = http.client.HTTPConnection('127.0.0.1', int(os.environ['DIGITS_PORT']), timeout=4); server.request('GET', '/readyz'); sys.exit(server.getresponse().status != 200)"]
CMD ["python", "-m", "app"]
