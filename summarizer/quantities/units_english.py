"""English and symbolic unit words: how each is written, and the kind of quantity it makes."""

from __future__ import annotations

from typing import Final

from summarizer.records import QuantityKind

_SI_SMALL: Final = "m km cm mm nm μm µm um g kg mg μg µg L l ml mL dl cl"
_SI_LARGE: Final = (
    "Hz kHz MHz GHz THz W kW MW GW TW mW Wh kWh MWh GWh TWh kWp MWp GWp MWac MWdc kVA MVA VA V kV mV mA mAh Ah kΩ Ω MΩ "
    "Pa kPa MPa GPa hPa bar mbar psi J kJ MJ GJ TJ PJ eV keV MeV GeV TeV cal kcal BTU Btu MMBtu mmBtu N kN Nm dB "
    "B KB kB MB GB TB PB EB ZB Kb Mb Gb kbps Kbps Mbps Gbps Tbps Mbit Gbit bit bits byte bytes KiB MiB GiB TiB "
    "FLOPS GFLOPS TFLOPS PFLOPS EFLOPS ZFLOPS Flops PFlops EFlops TFlops TOPS POPS px dpi ppi rpm fps ppm "
    "ppb lux lm cd "
    "km/h kph mph m/s ft/s knots knot kn mpg g/km kg/m3 mol mmol K"
)
_WORDS: Final = (
    "metre metres meter meters kilometre kilometres kilometer kilometers centimetre centimetres centimeter centimeters "
    "millimetre millimetres millimeter millimeters nanometre nanometres nanometer nanometers micrometre "
    "micrometres micron "
    "microns inch inches foot feet ft yard yards mile miles nautical-mile nautical-miles light-year light-years "
    "acre acres hectare hectares ha sq-ft sq-m sq-km sqm sqft square-metre square-metres square-meter square-meters "
    "square-kilometre square-kilometres square-kilometer square-kilometers square-foot square-feet "
    "square-mile square-miles "
    "square-inch square-inches square-yard square-yards "
    "cubic-metre cubic-metres cubic-meter cubic-meters cubic-foot cubic-feet cubic-centimetres "
    "cubic-centimeters cubic-yards "
    "litre litres liter liters millilitre millilitres milliliter milliliters gallon gallons barrel barrels "
    "bbl boe pint pints "
    "quart quarts bushel bushels cup cups tablespoon tablespoons tbsp teaspoon teaspoons tsp fluid-ounce fluid-ounces "
    "gram grams gramme grammes kilogram kilograms kilogramme kilogrammes kilo kilos milligram milligrams "
    "tonne tonnes ton "
    "tons metric-ton metric-tons metric-tonnes short-tons long-tons lb lbs ounce ounces oz troy-ounces carat carats "
    "watt watts kilowatt kilowatts megawatt megawatts gigawatt gigawatts terawatt terawatts "
    "watt-hour watt-hours kilowatt-hour kilowatt-hours megawatt-hour megawatt-hours gigawatt-hour gigawatt-hours "
    "terawatt-hour terawatt-hours horsepower hp volt volts kilovolt kilovolts amp amps ampere amperes ohm ohms "
    "hertz kilohertz megahertz gigahertz pascal pascals joule joules kilojoule kilojoules calorie calories "
    "kilocalories "
    "newton newtons decibel decibels kilobyte kilobytes megabyte megabytes gigabyte gigabytes terabyte "
    "terabytes petabyte "
    "petabytes exabyte exabytes kilobit kilobits megabit megabits gigabit gigabits megapixel megapixels pixel pixels "
    "miles-per-hour kilometres-per-hour kilometers-per-hour miles-an-hour metres-per-second meters-per-second "
    "miles-per-gallon nautical-mile TEU TEUs dwt mmboe Mt Gt kt kt/a t/a tpa mtpa tCO2 tCO2e degrees-angle "
    "cubic-inches cubic-inch fathoms parsecs light-years stone"
)
_TIMES: Final = (
    "year years yr yrs month months week weeks wk wks fortnight fortnights day days hour hours hr hrs minute "
    "minutes min mins "
    "second seconds sec secs millisecond milliseconds ms microseconds nanoseconds ns decade decades century centuries "
    "quarter quarters trading-day trading-days business-day business-days working-day working-days "
    "calendar-day calendar-days "
    "calendar-month calendar-months calendar-year calendar-years fiscal-year fiscal-years full-year full-years "
    "consecutive-day consecutive-days consecutive-quarter consecutive-quarters consecutive-month consecutive-months "
    "consecutive-year consecutive-years year-old years-old month-old months-old week-old weeks-old day-old days-old "
    "years-of-age h"
)
_TEMPERATURES: Final = (
    "degree degrees degrees-Celsius degrees-celsius degree-Celsius degrees-Fahrenheit degrees-fahrenheit "
    "degree-Fahrenheit "
    "degrees-centigrade degrees-C degrees-F degrees-Kelvin kelvin kelvins deg-C deg-F celsius Celsius "
    "fahrenheit Fahrenheit "
    "degrees-c degrees-f degree-celsius degree-fahrenheit"
)


def _table() -> dict[str, tuple[QuantityKind, str | None, int]]:
    """Word: (kind, canonical unit or None for the word as written, power of ten)."""
    table: dict[str, tuple[QuantityKind, str | None, int]] = {}

    def add(words: str, kind: QuantityKind, unit: str | None = None, shift: int = 0) -> None:
        for word in words.split():
            spellings = {word, word.replace("-", " ")}
            for spelling in spellings:
                table[spelling] = (kind, unit, shift)

    add(f"{_SI_SMALL} {_SI_LARGE} t {_WORDS}", "dimension")
    add(_TIMES, "duration")
    add(_TEMPERATURES, "temperature")
    add("percent per-cent pct percents Percent Per-cent", "percent", "%")
    add("percentage-point percentage-points percent-points pp ppt ppts pps pts", "percent_point", "百分点")
    add("basis-point basis-points bp bps bips", "percent_point", "百分点", -2)
    add("times time-as x X × fold -fold", "multiple", "倍")
    add("SKUs SKU", "count")
    return table


ENGLISH_UNITS: Final = _table()
# Written directly after the digits these are a scale or a class (5G, 4K), never the unit that the table has them for.
NOT_ATTACHED: Final = frozenset({"K", "B", "N", "J"})
