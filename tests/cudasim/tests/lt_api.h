// SPDX-License-Identifier: Apache-2.0
// cuBLASLt, as far as the tests call it.
#pragma once

#include "../src/cublaslt/lt.h"

extern "C" {
int cublasLtCreate(LtHandle*);
int cublasLtDestroy(LtHandle);
size_t cublasLtGetVersion();
int cublasLtMatmulDescInit_internal(LtMatmulDesc, size_t, int, int);
int cublasLtMatmulDescCreate(LtMatmulDesc*, int, int);
int cublasLtMatmulDescDestroy(LtMatmulDesc);
int cublasLtMatmulDescSetAttribute(LtMatmulDesc, int, const void*, size_t);
int cublasLtMatmulDescGetAttribute(LtMatmulDesc, int, void*, size_t, size_t*);
int cublasLtMatrixLayoutCreate(LtLayout*, int, uint64_t, uint64_t, int64_t);
int cublasLtMatrixLayoutDestroy(LtLayout);
int cublasLtMatrixLayoutSetAttribute(LtLayout, int, const void*, size_t);
int cublasLtMatmulPreferenceCreate(LtPreference*);
int cublasLtMatmulPreferenceDestroy(LtPreference);
int cublasLtMatmulPreferenceSetAttribute(LtPreference, int, const void*, size_t);
int cublasLtMatmulAlgoGetHeuristic(LtHandle, LtMatmulDesc, LtLayout, LtLayout, LtLayout, LtLayout, LtPreference, int,
                                   lt::HeuristicResult*, int*);
int cublasLtMatmulAlgoCheck(LtHandle, LtMatmulDesc, LtLayout, LtLayout, LtLayout, LtLayout, const lt::Algo*,
                            lt::HeuristicResult*);
int cublasLtMatmulAlgoGetIds(LtHandle, int, int, int, int, int, int, int, int*, int*);
int cublasLtMatmulAlgoInit(LtHandle, int, int, int, int, int, int, int, lt::Algo*);
int cublasLtMatmulAlgoCapGetAttribute(const lt::Algo*, int, void*, size_t, size_t*);
int cublasLtMatmulAlgoConfigGetAttribute(const lt::Algo*, int, void*, size_t, size_t*);
int cublasLtMatmulAlgoConfigSetAttribute(lt::Algo*, int, const void*, size_t);
int cublasLtMatmul(LtHandle, LtMatmulDesc, const void*, const void*, LtLayout, const void*, LtLayout, const void*,
                   const void*, LtLayout, void*, LtLayout, const lt::Algo*, void*, size_t, void*);
int cublasLtMatrixTransform();
}

constexpr int kAttrTransA = 3, kAttrTransB = 4, kAttrEpilogue = 7, kAttrBias = 8, kAttrAux = 11, kAttrAuxLd = 12,
              kAttrPointerMode = 2, kAttrBiasType = 26;
