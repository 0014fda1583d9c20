"""What an operator may set, from ``DIGITS_*`` environment variables; read once at start."""

from pathlib import Path
from typing import Final, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT: Final = Path(__file__).parents[1]  # where models/, static/ and templates/ lie


class Settings(BaseSettings):
    """The settings of one running service."""

    model_config = SettingsConfigDict(env_prefix="DIGITS_", frozen=True)

    host: str = Field(default="127.0.0.1", min_length=1, description="Address to listen on; 0.0.0.0 for all.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 for any free one.")
    device: Literal["auto", "cpu", "cuda"] = Field(
        default="auto", description="Where the networks run; auto: cuda if there."
    )
    models: Path = Field(
        default=ROOT / "models", description="Folder with the weights, facts and history of both networks."
    )
    data: Path = Field(default=Path("data"), description="Folder with the data sets, to train on and to look at.")
    max_body_bytes: int = Field(default=4 * 1024 * 1024, ge=1, description="Largest request body, in bytes.")
    max_side: int = Field(default=4096, ge=1, description="Longest side of a picture, in pixels.")
    max_pixels: int = Field(default=4_194_304, ge=1, description="Most pixels of a picture, width times height.")
    max_files: int = Field(default=64, ge=1, description="Most pictures in one request to /predict/batch.")
    max_queue: int = Field(
        default=256, ge=1, description="Most requests for a prediction at work or waiting; more are answered 503."
    )
    max_connections: int = Field(
        default=2048, ge=1, description="Most connections open at once; while there are more, requests get 503."
    )
    receive_seconds: float = Field(
        default=20, gt=0, description="How long a request may take to come in, and its answer to be taken, in seconds."
    )
    grace_seconds: int = Field(default=10, ge=1, description="How long answers may take after SIGTERM, in seconds.")
    workers: int = Field(default=1, ge=1, description="Processes that serve; one that dies is replaced if several.")
    reload_seconds: float = Field(
        default=1, ge=0, description="How often to look for new weights, in seconds; 0 for never."
    )
    log_level: Literal["critical", "error", "warning", "info", "debug"] = Field(
        default="info", description="The least severe messages to log."
    )
    log_format: Literal["console", "json"] = Field(default="console", description="Lines for people or for programs.")
    access_log: bool = Field(default=False, description="Whether to log a line for each request.")
