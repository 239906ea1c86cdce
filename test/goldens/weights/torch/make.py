# A file as torch.save lays it out, made with Python's own pickler: classes of these names, persistent ids for storages.
import pickle, zipfile, struct, sys, types, collections, io
torch=types.ModuleType('torch'); utils=types.ModuleType('torch._utils'); sys.modules['torch']=torch; sys.modules['torch._utils']=utils
def mk(n):
    c=type(n,(),{}); c.__module__='torch'; setattr(torch,n,c); return c
F=mk('FloatStorage'); D=mk('DoubleStorage'); H=mk('HalfStorage'); L=mk('LongStorage')
def _rebuild_tensor_v2(*a): pass
_rebuild_tensor_v2.__module__='torch._utils'; utils._rebuild_tensor_v2=_rebuild_tensor_v2
def _rebuild_parameter(*a): pass
_rebuild_parameter.__module__='torch._utils'; utils._rebuild_parameter=_rebuild_parameter
class Storage:
    def __init__(s,cls,key,n): s.cls,s.key,s.n=cls,key,n
class T:
    def __init__(s,st,off,size,stride): s.a=(st,off,size,stride,False,collections.OrderedDict())
    def __reduce__(s): return (_rebuild_tensor_v2, s.a)
class P:
    def __init__(s,t): s.t=t
    def __reduce__(s): return (_rebuild_parameter,(s.t,True,collections.OrderedDict()))
class Pick(pickle.Pickler):
    def persistent_id(s,o):
        if isinstance(o,Storage): return ('storage',o.cls,o.key,'cpu',o.n)
def save(path,obj,data,proto=2):
    b=io.BytesIO(); Pick(b,proto).dump(obj)
    with zipfile.ZipFile(path,'w',zipfile.ZIP_STORED) as z:
        def put(n,c):
            i=zipfile.ZipInfo('net/'+n,(1980,1,1,0,0,0)); z.writestr(i,c)
        put('data.pkl',b.getvalue()); put('byteorder','little'); 
        for k,v in data.items(): put('data/'+k,v)
        put('version','3\n')
f=lambda *v: struct.pack('<%df'%len(v),*v)
# a state_dict: weight transposed view (6 inputs x 4 neurons stored 4x6), theta at an offset, a parameter, notes
w=f(*[k/24 for k in range(24)]); th=struct.pack('<6d',9,9,0,.5,1,1.5)
d=collections.OrderedDict(); 
d['X_to_Ae.w']=P(T(Storage(F,'0',24),0,(6,4),(1,6)))
d['Ae.theta']=T(Storage(D,'1',6),2,(4,),(1,))
d._metadata=collections.OrderedDict([('',{'version':1})])
save(sys.argv[1]+'/state-dict.pt',{'state_dict':d,'epoch':3,'note':'text','rate':.5,'done':True,'none':None,'list':[1,2**40,-7]},{'0':w,'1':th})
save(sys.argv[1]+'/protocol-4.pt',{'weight':T(Storage(F,'0',24),0,(6,4),(4,1)),'theta':T(Storage(F,'1',4),0,(4,),(1,))},{'0':w,'1':f(0,.5,1,1.5)},4)
class Evil:
    def __reduce__(s):
        import os; return (os.system,('echo hacked > /tmp/hacked',))
save(sys.argv[1]+'/hostile.pt',{'weight':Evil()},{})
