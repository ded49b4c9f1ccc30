#include "../driver/control.h"
CUDASIM_CONTROL unsigned long cublasLtGetVersion() { return 130200; }
