"""The machine that figures belong to, and where they are kept."""
import datetime
import glob
import os
import platform
import re


def processor():
    """What the processor calls itself, with family and model where a hypervisor hides the name."""
    fields = {}
    with open("/proc/cpuinfo") as file:
        for line in file:
            key, _, value = line.partition(":")
            fields.setdefault(key.strip(), value.strip())
    name = fields.get("model name") or platform.machine()
    return {"name": name, "family": fields.get("cpu family", ""), "model": fields.get("model", "")}


def caches():
    """Bytes of each data cache of the first processor, by level."""
    sizes = {}
    for folder in sorted(glob.glob("/sys/devices/system/cpu/cpu0/cache/index*")):
        read = lambda name: open(os.path.join(folder, name)).read().strip()
        if read("type") != "Instruction":
            number, unit = re.fullmatch(r"(\d+)([KM]?)", read("size")).groups()
            sizes["L" + read("level")] = int(number) * {"": 1, "K": 1024, "M": 1 << 20}[unit]
    return sizes


def large_pages():
    try:
        return re.search(r"\[(\w+)\]", open("/sys/kernel/mm/transparent_hugepage/enabled").read()).group(1)
    except (OSError, AttributeError):
        return "unknown"


def describe(level):
    return {
        "processor": processor(), "level": level, "caches": caches(), "processors": os.cpu_count(), "large_pages": large_pages(),
        "system": platform.system() + " " + platform.release(), "date": datetime.date.today().isoformat(),
    }


def title(machine):
    cpu = machine["processor"]
    kind = f" (family {cpu['family']}, model {cpu['model']})" if cpu["family"] else ""
    return f"{cpu['name']}{kind}, level {machine['level']}, {machine['processors']} processors, {machine['date']}"


def folder(machine):
    """`amd-epyc-25-17`, the name of a processor as a folder."""
    cpu = machine["processor"]
    words = " ".join([cpu["name"], cpu["family"], cpu["model"]]).lower()
    words = re.sub(r"\((r|tm)\)|@.*ghz", " ", words)
    return re.sub(r"[^a-z0-9]+", "-", words).strip("-")
