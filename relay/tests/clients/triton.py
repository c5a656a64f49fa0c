"""Tests a relay with NVIDIA's Triton client.

Arguments: the relay's address, and the certificate to trust. Exits with 1 if a response is wrong.
"""

import sys
from urllib.parse import urlsplit

import gevent.ssl
import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

from pictures import leaf, png


def pixels_input(pictures, binary=True):
    stack = np.stack(pictures)
    tensor = triton.InferInput("pixels", stack.shape, "UINT8")
    return tensor.set_data_from_numpy(stack, binary_data=binary)


def photo_input(pictures, column=False):
    files = np.array([png(picture) for picture in pictures], dtype=object)
    files = files.reshape(-1, 1) if column else files
    return triton.InferInput("photo", files.shape, "BYTES").set_data_from_numpy(files)


def texts(array):
    return [text.decode() if isinstance(text, bytes) else text for text in array.tolist()]


def check(client):
    assert client.is_server_live() and client.is_server_ready()
    server = client.get_server_metadata()
    assert server["name"] == "mango-relay" and "binary_tensor_data" in server["extensions"], server
    name, version = "leaf-lite0", client.get_model_metadata("leaf-lite0")["versions"][0]
    assert client.is_model_ready(name) and client.is_model_ready(name, version)
    assert not client.is_model_ready("other") and not client.is_model_ready(name, "9")
    outputs = {output["name"]: output for output in client.get_model_metadata(name, version)["outputs"]}
    classes = outputs["classes"]["shape"][0]

    pictures = [leaf(seed) for seed in range(6)]
    # All outputs in binary, the client's default.
    by_pixels = client.infer(name, [pixels_input(pictures)], request_id="芒果 1")
    assert by_pixels.get_response()["id"] == "芒果 1" and by_pixels.get_response()["model_version"] == version
    probabilities = by_pixels.as_numpy("probabilities")
    assert probabilities.dtype == np.float32 and probabilities.shape == (6, classes)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-4)
    names = texts(by_pixels.as_numpy("classes"))
    assert len(set(names)) == classes
    assert texts(by_pixels.as_numpy("class")) == [names[best] for best in probabilities.argmax(axis=1)]
    assert set(texts(by_pixels.as_numpy("verdict"))) <= {"confident", "unsure", "not_mango_leaf"}
    strange = by_pixels.as_numpy("out_of_domain")
    assert strange.shape == (6,) and (strange > 0).all()
    assert len({row.tobytes() for row in probabilities}) == 6, "six pictures, six predictions"

    # The same as files, by version, one by one and without binary data.
    for result in [
        client.infer(name, [photo_input(pictures)], model_version=version),
        client.infer(name, [pixels_input(pictures, binary=False)]),
        client.infer(name, [photo_input(pictures, column=True)]),
        client.async_infer(name, [photo_input(pictures)]).get_result(),
    ]:
        assert np.array_equal(result.as_numpy("probabilities"), probabilities)
    wanted = [triton.InferRequestedOutput(each, binary_data=binary) for each, binary in [("verdict", False), ("probabilities", True), ("class", False)]]
    for seed, picture in enumerate(pictures):
        result = client.infer(name, [photo_input([picture])], outputs=wanted)
        assert np.array_equal(result.as_numpy("probabilities")[0], probabilities[seed])
        assert texts(result.as_numpy("class")) == [names[probabilities[seed].argmax()]]
        assert result.as_numpy("classes") is None

    broken = triton.InferInput("photo", [1], "BYTES").set_data_from_numpy(np.array([b"a text"], dtype=object))
    floats = triton.InferInput("pixels", [1, 2, 2, 3], "FP32").set_data_from_numpy(np.zeros((1, 2, 2, 3), np.float32))
    for inputs, options, status, words in [
        ([broken], {}, "415", "photo 0"),
        ([floats], {}, "400", "UINT8"),
        ([pixels_input(pictures + pictures[:1])], {}, "400", "at most 6"),
        ([pixels_input(pictures), photo_input(pictures)], {}, "400", "one input"),
        ([photo_input(pictures)], {"outputs": [triton.InferRequestedOutput("logits")]}, "400", "probabilities"),
        ([photo_input(pictures)], {"outputs": [triton.InferRequestedOutput("class", class_count=2)]}, "400", "classification"),
        ([photo_input(pictures)], {"model_version": "9"}, "404", version),
        ([photo_input(pictures)], {"request_compression_algorithm": "gzip"}, "415", "Content-Encoding"),
    ]:
        try:
            client.infer(name, inputs, **options)
        except InferenceServerException as error:
            assert error.status() == status and words in error.message(), error
        else:
            raise AssertionError(f"not refused: {words}")
    # The connection stays usable after an error.
    assert np.array_equal(client.infer(name, [pixels_input(pictures)]).as_numpy("probabilities"), probabilities)


def main():
    address, certificate = sys.argv[1:]
    trusting = lambda: gevent.ssl.create_default_context(cafile=certificate)
    with triton.InferenceServerClient(urlsplit(address).netloc, ssl=True, ssl_context_factory=trusting) as client:
        check(client)
    print("tritonclient: all checks passed")


main()
