"""A small shop backend: real routes, real metrics. `python app.py` serves it on 127.0.0.1:8000.

Environment:
    PORT                     Port to listen on; 8000 by default.
    METRICS_PATH             Where Prometheus scrapes; /metrics by default.
    LATENCY_BUCKETS_SECONDS  Edges of the latency histogram, e.g. "0.1,0.5,1"; by default those below. For trying
                             out what happens to the alerts when the edges do not fit their thresholds.
    FIREDRILL_FAULTS         "1" lets a request ask to be slow or to fail (see `inject_fault`). Never in production.
"""

import asyncio
import os
import re
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException
from prometheus_fastapi_instrumentator import Instrumentator

# The instrumentator's own edges end at 1 s: with them no quantile can ever pass 1 s, and an alert above 1.5 s or 2 s
# stays silent for good. Each threshold needs an edge of its own and one above it.
LATENCY_BUCKETS_SECONDS = (0.1, 0.5, 1, 1.5, 2, 2.5, 5)

PRODUCTS = {"tea": 450, "cup": 1200, "pot": 3900}
"""Prices in cents."""

ORDERS = [{"id": 1, "product": "tea", "count": 2}, {"id": 2, "product": "pot", "count": 1}]

METRICS_PATH = os.environ.get("METRICS_PATH", "/metrics")
FAULTS_ON = os.environ.get("FIREDRILL_FAULTS") == "1"


async def inject_fault(
    x_drill_delay_seconds: Annotated[float, Header(ge=0, le=60)] = 0,
    x_drill_fail: Annotated[bool, Header()] = False,
) -> None:
    """Makes this one request slow, or fail with a 500, when its headers ask for it and faults are on."""
    if not FAULTS_ON:
        return
    await asyncio.sleep(x_drill_delay_seconds)
    if x_drill_fail:
        raise HTTPException(status_code=500, detail="failed because the request asked for it")


app = FastAPI(title="Orders")


@app.get("/orders", dependencies=[Depends(inject_fault)])
async def list_orders() -> list[dict[str, int | str]]:
    return ORDERS


@app.get("/orders/{order_id}", dependencies=[Depends(inject_fault)])
async def read_order(order_id: int) -> dict[str, int | str]:
    for order in ORDERS:
        if order["id"] == order_id:
            return order
    raise HTTPException(status_code=404, detail=f"no order {order_id}")


@app.get("/products", dependencies=[Depends(inject_fault)])
async def list_products() -> dict[str, int]:
    return PRODUCTS


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


def buckets() -> tuple[float, ...]:
    """The edges in use: LATENCY_BUCKETS_SECONDS from the environment, else those of this file."""
    text = os.environ.get("LATENCY_BUCKETS_SECONDS")
    return tuple(float(edge) for edge in text.split(",")) if text else LATENCY_BUCKETS_SECONDS


# Scrapes and health probes are not users: counted as traffic, they would hide that nobody else comes any more.
Instrumentator(excluded_handlers=[f"^{re.escape(METRICS_PATH)}$", "^/health$"]).instrument(
    app, latency_lowr_buckets=buckets()
).expose(app, endpoint=METRICS_PATH, include_in_schema=False)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ.get("PORT", "8000")), access_log=False)
