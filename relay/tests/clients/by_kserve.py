"""Tests a relay with the client of KServe's Python package.

Arguments: the relay's address, and the certificate to trust. Exits with 1 if a response is wrong.
"""

import asyncio
import base64
import ssl
import sys

import httpx
import numpy as np
from kserve import InferenceRESTClient, InferInput, InferOutput, InferRequest, RESTConfig
from kserve.protocol.infer_type import RequestedOutput

from pictures import leaf, png

NAME = "leaf-lite0"


def photo_input(files, column, binary):
    if not binary:
        shape = [len(files), 1] if column else [len(files)]
        return InferInput("photo", shape, "BYTES", data=[base64.b64encode(file).decode() for file in files])
    array = np.array(files, dtype=object)
    tensor = InferInput("photo", [len(files), 1] if column else [len(files)], "BYTES")
    tensor.set_data_from_numpy(array.reshape(-1, 1) if column else array, binary_data=True)
    return tensor


def pixels_input(pictures, binary):
    stack = np.stack(pictures)
    tensor = InferInput("pixels", list(stack.shape), "UINT8")
    tensor.set_data_from_numpy(stack, binary_data=binary)
    return tensor


def texts(output: InferOutput):
    return [text.decode() if isinstance(text, bytes) else text for text in output.as_numpy().tolist()]


async def check(client, address):
    assert await client.is_server_live(address) and await client.is_server_ready(address)
    assert await client.is_model_ready(address, NAME) and not await client.is_model_ready(address, "other")

    async def infer(tensor, **options):
        request = InferRequest(model_name=NAME, infer_inputs=[tensor], **options)
        answer = await client.infer(address, request, model_name=NAME)
        return answer, {output.name: output for output in answer.outputs}

    pictures = [leaf(seed) for seed in range(3)]
    files = [png(picture) for picture in pictures]
    answer, outputs = await infer(pixels_input(pictures, binary=True), request_id="1")
    assert answer.id == "1" and answer.model_name == NAME, answer
    probabilities, names = outputs["probabilities"].as_numpy(), texts(outputs["classes"])
    assert probabilities.shape == (3, len(names)) and np.allclose(probabilities.sum(axis=1), 1, atol=1e-4)
    assert texts(outputs["class"]) == [names[best] for best in probabilities.argmax(axis=1)]
    for tensor in [pixels_input(pictures, binary=False)] + [
        photo_input(files, column, binary) for column in (False, True) for binary in (False, True)
    ]:
        _, outputs = await infer(tensor)
        assert np.array_equal(outputs["probabilities"].as_numpy(), probabilities), tensor
    wanted = [RequestedOutput("class"), RequestedOutput("probabilities", parameters={"binary_data": True})]
    _, outputs = await infer(photo_input(files, column=True, binary=True), request_outputs=wanted)
    assert list(outputs) == ["class", "probabilities"], outputs
    assert np.array_equal(outputs["probabilities"].as_numpy(), probabilities)

    try:
        await infer(InferInput("photo", [1], "BYTES", data=["leaf.jpg"]))
    except httpx.HTTPStatusError as error:
        assert error.response.status_code == 400 and "base64" in str(error), error
    else:
        raise AssertionError("a path is taken for a photo")


async def main():
    address, certificate = sys.argv[1:]
    trusting = ssl.create_default_context(cafile=certificate)
    async with InferenceRESTClient(RESTConfig(protocol="v2", verify=trusting)) as client:
        await check(client, address)
    print("kserve's client: all checks passed")


asyncio.run(main())
