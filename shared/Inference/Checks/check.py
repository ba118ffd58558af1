"""Opens exported files with ONNX's own checker and says their versions. Usage: check.py MODEL.onnx ..."""
import sys

import onnx

for path in sys.argv[1:]:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    print(path, "IR", model.ir_version, *(f"{o.domain or 'ai.onnx'} {o.version}" for o in model.opset_import))
