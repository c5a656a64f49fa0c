"""Tests a relay with the types and codecs of MLServer, which clients of Seldon's servers use.

Arguments: the relay's address, and the certificate to trust. Exits with 1 if a response is wrong.
"""

import base64
import ssl
import sys
import urllib.error
import urllib.request

import numpy as np
from mlserver.codecs import Base64Codec, NumpyCodec, StringCodec
from mlserver.types import (
    InferenceErrorResponse,
    InferenceRequest,
    InferenceResponse,
    MetadataModelResponse,
    MetadataServerResponse,
    Parameters,
    RequestInput,
    RequestOutput,
)

from pictures import leaf, png


class Relay:
    def __init__(self, address, certificate):
        self.address = address
        self.trusting = ssl.create_default_context(cafile=certificate)

    def ask(self, path, body=None):
        request = urllib.request.Request(f"{self.address}/v2{path}", data=body)
        if body is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, context=self.trusting) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def infer(self, request, **options):
        status, body = self.ask("/models/leaf-lite0/infer", request.model_dump_json(**options).encode())
        assert status == 200, (status, body)
        return InferenceResponse.model_validate_json(body)


def output(answer, name):
    [found] = [output for output in answer.outputs if output.name == name]
    return StringCodec.decode_output(found) if found.datatype == "BYTES" else NumpyCodec.decode_output(found)


def check(relay):
    server = MetadataServerResponse.model_validate_json(relay.ask("")[1])
    assert server.name == "mango-relay", server
    model = MetadataModelResponse.model_validate_json(relay.ask("/models/leaf-lite0")[1])
    assert model.name == "leaf-lite0" and {tensor.name for tensor in model.inputs} == {"pixels", "photo"}, model

    pictures = [leaf(seed) for seed in range(3)]
    files = [png(picture) for picture in pictures]
    texts = [base64.b64encode(file).decode() for file in files]
    wrapped = [base64.encodebytes(file).decode() for file in files]
    request = lambda tensor, **more: InferenceRequest(inputs=[tensor], **more)
    by_pixels = relay.infer(request(NumpyCodec.encode_input("pixels", np.stack(pictures)), id="芒果 1"))
    assert by_pixels.id == "芒果 1" and by_pixels.model_version == model.versions[0], by_pixels
    probabilities, names = output(by_pixels, "probabilities"), output(by_pixels, "classes")
    assert probabilities.shape == (3, len(names)) and np.allclose(probabilities.sum(axis=1), 1, atol=1e-4)
    assert output(by_pixels, "class") == [names[best] for best in probabilities.argmax(axis=1)]

    # Codecs of bytes and of text write shape [n, 1].
    codec = Base64Codec.encode_input("photo", files, use_bytes=False)
    assert codec.shape == [3, 1], codec.shape
    for tensor in [
        codec,
        Base64Codec.encode_input("photo", files),
        StringCodec.encode_input("photo", texts, use_bytes=False),
        StringCodec.encode_input("photo", wrapped, use_bytes=False),
        RequestInput(name="photo", datatype="BYTES", shape=[3], data=texts),
    ]:
        for options in [{}, {"exclude_none": True}]:
            answer = relay.infer(request(tensor), **options)
            # Pixels and files of the same picture give bit-identical probabilities.
            assert np.array_equal(output(answer, "probabilities"), probabilities), tensor.parameters

    # Extra parameters of MLServer's clients are ignored.
    words = Parameters(content_type="np", headers={"x": "y"})
    wanted = [RequestOutput(name="class", parameters=Parameters(content_type="str"))]
    one = RequestInput(name="pixels", datatype="UINT8", shape=[1, 2, 2, 3], parameters=words, data=[9] * 12)
    answer = relay.infer(request(one, parameters=words, outputs=wanted))
    assert [output.name for output in answer.outputs] == ["class"], answer

    for tensor, status, message in [
        (RequestInput(name="photo", datatype="BYTES", shape=[1, 1], data=["leaf.jpg"]), 400, "base64"),
        (RequestInput(name="photo", datatype="BYTES", shape=[1, 2], data=texts[:2]), 400, "[n, 1]"),
        (RequestInput(name="pixels", datatype="FP32", shape=[1, 2, 2, 3], data=[0.5] * 12), 400, "UINT8"),
    ]:
        found, body = relay.ask("/models/leaf-lite0/infer", request(tensor).model_dump_json().encode())
        error = InferenceErrorResponse.model_validate_json(body)
        assert found == status and message in error.error, (found, error)


check(Relay(*sys.argv[1:]))
print("types and codecs of mlserver: all checks passed")
